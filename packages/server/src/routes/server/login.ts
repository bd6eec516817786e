import { z } from 'zod'
import { basePathOf } from '../../http/base-path.js'
import { endpoint } from '../../http/endpoint.js'
import { HttpError } from '../../http/http-error.js'
import { SESSION_COOKIE } from '../../security/access.js'

const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/', maxAge: 30 * 24 * 3600 * 1000 } as const

/** A form that works without a script. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Log in - ISR</title>
<main>
<h1>ISR</h1>
<form method="post" action="login">
<p><label for="token">Token</label> <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<p><button>Log in</button>
</form>
</main>
</html>
`

/** `GET /login` */
export const loginPage = endpoint({
  method: 'get',
  path: '/login',
  summary: 'A page that asks for the token',
  answers: { 200: { description: 'The page', contentType: 'text/html' } },
  handle({ response }) {
    response.setHeader('Cache-Control', 'no-store')
    response.type('html').send(PAGE)
  },
})

/** `POST /login` */
export const login = endpoint({
  method: 'post',
  path: '/login',
  summary: 'Exchange the token for a cookie that pages cannot read',
  body: z.object({ token: z.string().max(1000) }),
  answers: { 303: { description: 'Logged in: on to the recordings' } },
  handle({ body, request, response }, context) {
    const { access } = context
    const address = request.socket.remoteAddress ?? ''
    const session = access.login(body.token, address)
    if (session === undefined) {
      const wait = access.mustWait(address)
      throw wait
        ? new HttpError(429, 'HTTP_TOO_MANY_TRIES', 'too many wrong tokens: try again in a minute')
        : new HttpError(401, 'HTTP_TOKEN', 'that is not the token')
    }
    response.cookie(SESSION_COOKIE, session, { ...COOKIE, secure: request.secure })
    response.redirect(303, `${basePathOf(request, context)}/`)
  },
})

/** `POST /logout` */
export const logout = endpoint({
  method: 'post',
  path: '/logout',
  summary: 'End the session of the cookie',
  answers: { 303: { description: 'Logged out' } },
  handle({ request, response }, context) {
    context.access.logout(request.headers)
    response.clearCookie(SESSION_COOKIE, COOKIE)
    response.redirect(303, `${basePathOf(request, context)}/login`)
  },
})
