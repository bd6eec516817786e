import { crcWasm } from '../../wasm/crc.js'
import { instantiateWasm, type WasmExports } from '../instantiate-wasm.js'

/** What wasm/crc.ts exports. */
interface CrcExports extends WasmExports {
  reserve(bytes: number): number
  crc16(bytes: number, start: number): number
  crc16Reflected(bytes: number, start: number): number
  crc32(bytes: number, start: number): number
}

const wasm = instantiateWasm<CrcExports>(crcWasm)
let memory = new Uint8Array(wasm.memory.buffer)

/** The checksum `kind` of a part of `bytes`, on from `crc`; a CRC-32 as signed as WebAssembly gives it. */
export function crcOf(
  kind: 'crc16' | 'crc16Reflected' | 'crc32',
  bytes: Uint8Array,
  start: number,
  end: number,
  crc: number,
): number {
  const length = end - start
  const at = wasm.reserve(length)
  if (memory.buffer !== wasm.memory.buffer) memory = new Uint8Array(wasm.memory.buffer)
  memory.set(length === bytes.length ? bytes : bytes.subarray(start, end), at)
  return wasm[kind](length, crc)
}
