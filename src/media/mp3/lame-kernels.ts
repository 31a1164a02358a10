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
  replaced: { 17: 'writePairs', 28: 'divide', 49: 'noise', 82: 'midSide', 104: 'chooseTable', 108: 'power' },
  added: [
    'amplify',
    'count',
    'hear',
    'mdct',
    'peaks',
    'requantize',
    'roomBytes',
    'subbands',
    'toWhole',
    'toWholePair',
  ],
  changes: [
    {
      // All that quantizes, for what of it was too large is told; two addresses that what follows needs.
      function: 25,
      from: 0x4627,
      to: 0x4c52,
      by: [
        '2001 2002 2003',
        { call: 'requantize' },
        '45 047f 41a08d06 05',
        '2002 418012 6a 2113',
        '2002 418826 6a 2115',
      ],
    },
    {
      // In place of its search for the loudest noise and its loop over the bands that have as much.
      function: 36,
      from: 0x7328,
      to: 0x762f,
      by: ['2000', '2006 41bc17 6a', '2006 419004 6a', '2003', '2024', { call: 'amplify' }],
    },
    {
      // All that counts bits, before they are divided anew; nothing of that where no value is large.
      function: 56,
      from: 0xbf85,
      to: 0xc22e,
      by: ['2006 2000 2001 2002', { call: 'count' }, '36020c 0240 2001 2802a425 45 0d00'],
    },
    // Its high pass.
    { function: 61, from: 0xe640, to: 0xe80e, by: [] },
    {
      // Before its loop over channels: its room, addresses of samples, how many channels.
      function: 61,
      from: 0xe87e,
      to: 0xe87e,
      by: ['2009', '2015', '2003', { call: 'peaks' }],
    },
    // There, middle and side of what was filtered.
    { function: 61, from: 0xe903, to: 0xe990, by: [] },
    // In place of its loop over a part's samples: the peak; the second of two for middle and side.
    { function: 61, from: 0xe9e9, to: 0xea67, by: ['2004 200c 4101 76 4102 74 6a 2a0200 213f'] },
    {
      // In place of its loop over channels, long blocks: LAME's state and room, addresses of samples, granule, how many channels.
      function: 61,
      from: 0xf081,
      to: 0xfd8d,
      by: ['2006', '2009', '2015', '200d', '200f', { call: 'hear' }],
    },
    {
      // In place of its loop over the steps of a granule: where samples and subbands are; the samples of the next granule.
      function: 85,
      from: 0x203ca,
      to: 0x204fd,
      by: ['200a 2012', { call: 'subbands' }, '200a 418012 6a 210a'],
    },
    {
      // Before its loop over subbands, and behind it: where all of them have long blocks it is left out.
      function: 85,
      from: 0x2051a,
      to: 0x2051a,
      by: ['0240', '2000', '200d', '2013', '2012', { call: 'mdct' }, '0d00'],
    },
    { function: 85, from: 0x21620, to: 0x21620, by: ['0b'] },
  ],
}

/** The module with our functions in it; `isPlain`: with none in place of its own. */
export function graftKernels(lame: Buffer, kernels: Buffer, isPlain = false): Buffer<ArrayBuffer> {
  if (createHash('sha256').update(lame).digest('hex') !== KNOWN) throw new Error('not the LAME that is known')
  return graft(lame, kernels, IMPORTED, isPlain ? { ...GRAFT, replaced: {}, changes: [] } : GRAFT)
}
