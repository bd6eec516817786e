/** Test doubles and rigs for those who embed or extend the library. */
export { FakeClock, settle } from './fake-clock.js'
