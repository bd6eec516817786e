/** Memory of a module. */
export interface WasmMemory {
  /** Another object after the memory has grown: views into the one before are empty then. */
  readonly buffer: ArrayBuffer
  /** Adds pages; returns how many there were. Throws when there are no more. */
  grow(pages: number): number
}

/** Functions that a module may call through a number. */
interface WasmTable {
  /** Adds places; returns how many there were. */
  grow(places: number): number
  /** Only functions that a module exports fit in. */
  set(place: number, value: unknown): void
}

/** A compiled module. */
export type WasmModule = object

/** The types of Node leave it out, those of browsers would bring the whole browser. */
export interface WasmEngine {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown }
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory
  readonly Table: new (limits: { initial: number; element: 'anyfunc' }) => WasmTable
}

/** The engine of this process. */
export const wasmEngine = (globalThis as unknown as { readonly WebAssembly: WasmEngine }).WebAssembly
