import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { root } from './workspace.mjs'

const folder = join(root, 'node_modules/.cache/isr')

/** Runs `action` while no other process on this machine does the same of this `name`. */
export async function oneAtATime(name, action) {
  const file = join(folder, `${name}.pid`)
  mkdirSync(folder, { recursive: true })
  while (!take(file)) await pause(100)
  try {
    return await action()
  } finally {
    rmSync(file, { force: true })
  }
}

/** Whether the file is ours now; one whose process is gone is taken away first. */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isAlive(holder(file))) rmSync(file, { force: true })
    return false
  }
}

function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || process.pid
  } catch {
    return process.pid
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
