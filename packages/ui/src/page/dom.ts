/** Attributes and listeners of an element; text is always text, never markup. */
export type Props = Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>>

/** Makes an element. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value))
  }
  element.append(...children)
  return element
}

/** An element of the page by its id. */
export function byId<Type extends HTMLElement>(id: string): Type {
  return document.getElementById(id) as Type
}

/** Words of others may run from right to left: they stay among themselves. */
export function bdi(text: string): HTMLElement {
  return make('bdi', {}, text)
}
