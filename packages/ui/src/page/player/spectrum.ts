/** Silence, what is heard, what is loud: lightness changes evenly from one to the next. */
export interface Palette {
  readonly ground: string
  readonly middle: string
  readonly hot: string
}

/** Below this grey value nothing is to be seen: -90 dBFS. */
const DARKEST = 75
/** At this one it is as hot as it gets: -20 dBFS. */
const HOTTEST = 215

/** Gives colours of the page to a picture of grey values. */
export async function coloured(picture: Blob, palette: Palette): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(picture)
  const canvas = document.createElement('canvas')
  canvas.width = bitmap.width
  canvas.height = bitmap.height
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  const stops = [palette.ground, palette.middle, palette.hot].map((colour) => {
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    return context.getImageData(0, 0, 1, 1).data
  })
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const image = context.getImageData(0, 0, canvas.width, canvas.height)
  const { data } = image
  for (let at = 0; at < data.length; at += 4) {
    const grey = data[at]
    const share = 2 * Math.min(1, Math.max(0, (grey - DARKEST) / (HOTTEST - DARKEST)))
    const [from, to] = share < 1 ? [stops[0], stops[1]] : [stops[1], stops[2]]
    for (let colour = 0; colour < 3; colour++)
      data[at + colour] = from[colour] + (to[colour] - from[colour]) * (share < 1 ? share : share - 1)
    // where there is no audio the ground of the page is seen
    data[at + 3] = grey === 0 ? 0 : 255
  }
  context.putImageData(image, 0, 0)
  return canvas
}
