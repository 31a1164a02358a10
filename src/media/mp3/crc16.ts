/** CRC-16 with the polynomial 0x8005, bits reversed, as the LAME tag uses it; goes on from `crc`. */
export function crc16(bytes: Uint8Array, crc = 0): number {
  let value = crc
  for (let at = 0; at < bytes.length; at++) {
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  }
  return value
}

const POLYNOMIAL = 0xa001
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})
