/** A file whose bytes are read at any place, as often as wanted. */
export interface RandomAccess {
  /** Size in bytes at the moment it was opened; what is appended later is not seen. */
  readonly sizeBytes: number
  /**
   * The bytes `startByte` <= byte < `endByte`; fewer where the file ends. Nobody writes to them afterwards, so views may be kept.
   * @throws {@link StorageError}
   */
  read(startByte: number, endByte: number): Promise<Uint8Array>
  /**
   * Reads at once, into memory that is there: for threads that may block. Absent where that cannot be.
   * @returns how many bytes it read; fewer than `into` holds only where the file ends
   * @throws {@link StorageError}
   */
  readSync?(into: Uint8Array, startByte: number): number
  /** Gives the file back; nothing may be read afterwards. Calling it twice does no harm. Never throws. */
  close(): Promise<void>
}
