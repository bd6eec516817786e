import { fileURLToPath } from 'node:url'

/** Folder of the static files of the page, as `npm run build` makes them. */
export const pageDirectory: string = fileURLToPath(new URL('../page/', import.meta.url))
