/** The part of the WebAssembly API that is called: Node has it, its types do not, and the DOM's bring a browser along. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  class Instance {
    constructor(module: Module, imports: Imports)
    readonly exports: object
  }
  class Memory {
    /** In pages of 64 KB. */
    constructor(size: { readonly initial: number; readonly maximum: number })
    readonly buffer: ArrayBuffer
    /** Throws when there is no room. */
    grow(pages: number): number
  }
  class Global {
    constructor(kind: { readonly value: 'i32'; readonly mutable: boolean })
    value: number
  }
  type Imports = Record<string, Record<string, unknown>>
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
  function instantiate(module: Module, imports: Imports): Promise<Instance>
}
