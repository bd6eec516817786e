import { rootCertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { trust } from '../../../src/sources/http/trust.js'

test('connections that trust the same certificates share one context', () => {
  const [first, second] = rootCertificates
  const context = trust([first]).secureContext
  expect(trust([first]).secureContext).toBe(context)
  expect(trust([second]).secureContext).not.toBe(context)
  expect(trust([first, second]).secureContext).not.toBe(context)
  const usual = trust().secureContext
  expect(trust([]).secureContext).toBe(usual)
  expect(trust(undefined).secureContext).toBe(usual)
  expect(usual).not.toBe(context)
})
