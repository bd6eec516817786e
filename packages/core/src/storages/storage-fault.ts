import { StorageError, type IsrErrorCode } from '../errors.js'

const CODES: Readonly<Record<string, IsrErrorCode>> = {
  ENOSPC: 'ISR_STORAGE_FULL',
  EDQUOT: 'ISR_STORAGE_FULL',
  EACCES: 'ISR_STORAGE_DENIED',
  EPERM: 'ISR_STORAGE_DENIED',
  EROFS: 'ISR_STORAGE_DENIED',
  ENOTDIR: 'ISR_STORAGE_DENIED',
  ENOENT: 'ISR_STORAGE_NOT_FOUND',
  EEXIST: 'ISR_STORAGE_EXISTS',
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the volume',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the volume is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENOENT: 'it does not exist',
  EIO: 'the volume failed (input/output error)',
  EMFILE: 'too many open files',
}

/** A fault of the file system as a {@link StorageError}: what was done, where, and why it failed. */
export function storageFault(error: unknown, action: string, where: string): StorageError {
  if (error instanceof StorageError) return error
  const errno = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  const words = action === 'create' && errno === 'ENOENT' ? 'its folder does not exist' : WORDS[errno]
  const reason = words ?? (error instanceof Error ? error.message : String(error))
  return new StorageError(CODES[errno] ?? 'ISR_STORAGE_FAILED', `cannot ${action} ${where}: ${reason}`, {
    cause: error,
  })
}
