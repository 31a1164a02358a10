import { createHash } from 'node:crypto'
import { type Graft, graft } from './graft.ts'

/** Of the module in @mediabunny/mp3-encoder 1.61.0, the only one whose numbers these are. */
const KNOWN = 'd0b109db83c153b81ba0080fa2163664dff1e341b154edda6d40bc4b6fbc355e'
const IMPORTED = 4

/**
 * Where the time of LAME's module goes, by its functions, and what of ours (`assembly/`) does the same with SIMD: the same bits
 * come out (test/media/kernels.test.ts).
 */
const GRAFT: Graft = {
  replaced: { 17: 'writePairs', 28: 'divide', 47: 'quantize', 104: 'chooseTable', 108: 'power' },
  added: ['amplify', 'spread', 'subbands', 'toWhole', 'toWholePair'],
  changes: [
    {
      // In place of its search for the loudest noise and its loop over the bands that have as much.
      function: 36,
      from: 0x7328,
      to: 0x762f,
      by: ['2000', '2006 41bc17 6a', '2006 419004 6a', '2003', '2024', { call: 'amplify' }],
    },
    {
      // Before its loop over the bands of long blocks: their weights, ranges, energies, tonalities, how many they are.
      function: 61,
      from: 0xfa13,
      to: 0xfa13,
      by: ['2008 2802ec34', '2023', '200e', '2009 41b0a701 6a', '2008 2802e434', { call: 'spread' }],
    },
    {
      // In place of a band's loop over its neighbours: sum and tonalities from the room, whose address stands at 16; the next weight.
      function: 61,
      from: 0xfaae,
      to: 0xfbbe,
      by: [
        '4100 280210 2001 4102 74 6a 2a0210 213f',
        '2007 4100 280210 2001 4102 74 6a 28029002 6a 2107',
        '2002 2104',
      ],
    },
    {
      // In place of its loop over the steps of a granule: where samples and subbands are; the samples of the next granule.
      function: 85,
      from: 0x203ca,
      to: 0x204fd,
      by: ['200a 2012', { call: 'subbands' }, '200a 418012 6a 210a'],
    },
  ],
}

/** The module with our functions in it; `isPlain`: with none in place of its own. */
export function graftKernels(lame: Buffer, kernels: Buffer, isPlain = false): Buffer<ArrayBuffer> {
  if (createHash('sha256').update(lame).digest('hex') !== KNOWN) throw new Error('not the LAME that is known')
  return graft(lame, kernels, IMPORTED, isPlain ? { ...GRAFT, replaced: {}, changes: [] } : GRAFT)
}
