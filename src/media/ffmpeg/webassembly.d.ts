/** The part of the WebAssembly API that is called: Node has it, its types do not, and the DOM's bring a browser along. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  interface Instance {
    readonly exports: object
  }
  type Imports = Record<string, Record<string, unknown>>
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
  function instantiate(module: Module, imports: Imports): Promise<Instance>
}
