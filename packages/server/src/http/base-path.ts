import type { Request, RequestHandler } from 'express'
import type { ServerContext } from '../context.js'

/** Path under which people reach this server, without a slash at its end: as it was told, else where the router is mounted. */
export function basePathOf(request: Request, { basePath }: Pick<ServerContext, 'basePath'>): string {
  return basePath || request.baseUrl
}

/** The page names all it needs by relative addresses: they are right below a slash only. */
export const redirectToSlash: RequestHandler = ({ baseUrl, originalUrl, method }, response, next) => {
  const queryAt = originalUrl.indexOf('?')
  const path = queryAt < 0 ? originalUrl : originalUrl.slice(0, queryAt)
  if (baseUrl === '' || path !== baseUrl || path.startsWith('//') || !['GET', 'HEAD'].includes(method)) return next()
  response.redirect(308, `${path}/${queryAt < 0 ? '' : originalUrl.slice(queryAt)}`)
}
