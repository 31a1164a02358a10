/** Where things lie in what LAME knows of a granule of a channel: bytes. */
/** 576 quantized values, 32 bits each; those of the spectrum lie before them. */
export const VALUES: usize = 2304
export const SCALEFACTORS: usize = 4608
export const LARGEST_POWER: usize = 4764
export const BITS: usize = 4768
export const BIG_VALUES: usize = 4772
export const COUNT1: usize = 4776
export const GLOBAL_GAIN: usize = 4780
export const BLOCK_TYPE: usize = 4788
/** Of its types: blocks of which one has bands of its own. */
export const LONG = 0
export const SHORT = 2
export const TABLE_SELECT: usize = 4796
export const SUBBLOCK_GAIN: usize = 4808
export const REGION0_COUNT: usize = 4824
export const REGION1_COUNT: usize = 4828
export const PREFLAG: usize = 4832
export const SCALEFACTOR_SCALE: usize = 4836
export const COUNT1_TABLE: usize = 4840
/** How many bands the psychoacoustic model knows. */
export const HEARD_BANDS: usize = 4864
/** Of each band, 32 bits each: how many values it has, which of the short blocks it is of (of a long block: 3). */
export const WIDTHS: usize = 4872
export const WINDOWS: usize = 5028
export const COUNT1_BITS: usize = 5184
/** The last value that may not be zero. */
export const LAST_VALUE: usize = 5208

/** What LAME knows of the stream: where the bands of long blocks begin, the last of them where the last ends. */
export const EDGES: usize = 21364

/** LAME's stack pointer: below it lies room for a function that calls no other. */
@external("env", "stack")
export declare let stack: usize
