import type { DaysAnswer, FileRow } from '@isr/server/api'
import { downloadUrl } from './api.js'
import { bdi, make } from './dom.js'
import { dayStrip } from './strip.js'
import { bytes, counted, dayInWords, duration, LocalTime } from './words.js'

/** What can be done with a recording in the list. */
export interface RowActions {
  play(row: FileRow): void
  remove(row: FileRow): void
}

/** Recordings under the days on which they begin. */
export function listOfDays(
  rows: readonly FileRow[],
  days: DaysAnswer['days'],
  current: string | undefined,
  actions: RowActions,
): HTMLElement {
  const byDay = new Map<string, FileRow[]>()
  for (const row of rows) {
    const { date } = new LocalTime(row.startedAt, row.utcOffset)
    byDay.set(date, [...(byDay.get(date) ?? []), row])
  }
  const sections = [...byDay].map(([date, some]) => {
    const totals = days.find((day) => day.date === date)
    return make(
      'li',
      {},
      make('h3', {}, dayInWords(date)),
      make('p', { class: 'caption' }, totals ? totalsInWords(totals) : ''),
      ...(totals ? [dayStrip(totals)] : []),
      make('ul', { class: 'recordings' }, ...some.map((row) => listItem(row, row.name === current, actions))),
    )
  })
  return make('ul', { class: 'days' }, ...sections)
}

function totalsInWords({
  recordings,
  durationSeconds,
  bytes: size,
  gaps,
  gapSeconds,
}: DaysAnswer['days'][number]): string {
  const lost = gaps === 0 ? 'no gap' : `${counted(gaps, 'gap')} of ${duration(gapSeconds)}`
  return `${counted(recordings, 'recording')}, ${duration(durationSeconds)}, ${bytes(size)}, ${lost}`
}

function listItem(row: FileRow, isCurrent: boolean, actions: RowActions): HTMLElement {
  const { time } = new LocalTime(row.startedAt, row.utcOffset)
  const length = row.durationSeconds === null ? '' : `${duration(row.durationSeconds)}, `
  const what = `${time}, ${row.source}`
  const button = (text: string, act: () => void, disabled = false) =>
    make('button', { type: 'button', click: act, disabled, 'aria-label': `${text} ${what}` }, text)
  const play = button('Play', () => actions.play(row))
  play.dataset.name = row.name
  if (isCurrent) play.setAttribute('aria-current', 'true')
  const remove = button('Delete', () => actions.remove(row), row.active || row.state === 'open')
  if (row.active) remove.title = 'It is being recorded'
  return make(
    'li',
    {},
    make(
      'div',
      {},
      make('strong', {}, `${time} `, bdi(row.source)),
      ...(row.active ? [' ', make('span', { class: 'rec' }, 'REC')] : []),
      make('p', { class: 'caption' }, `${length}${bytes(row.size)}, `, bdi(row.name)),
    ),
    make(
      'div',
      { class: 'row' },
      play,
      make(
        'a',
        { class: 'button', href: downloadUrl(row.name), download: true, 'aria-label': `Download ${what}` },
        'Download',
      ),
      remove,
    ),
  )
}
