import { createHmac, randomBytes } from 'node:crypto';

/**
 * Wraps what came out of a database (rows, names, comments, server messages) for the model, between two tags whose name nobody can
 * guess, so that a text inside cannot pretend to end the data and speak as the host.
 */
export function wrapData(content: string): string {
  let tag = `data-${randomBytes(12).toString('hex')}`;
  while (content.includes(tag)) tag = `data-${randomBytes(12).toString('hex')}`;
  return inTags(tag, content);
}

/**
 * As `wrapData`, with a name that is the same for the same content, so that the prompt cache can hold it; `secret` is known to this
 * installation alone, which makes the name unguessable to whoever wrote the content.
 */
export function wrapStableData(content: string, secret: string): string {
  const tag = `data-${createHmac('sha256', secret).update(content).digest('hex').slice(0, 24)}`;
  return inTags(tag, content);
}

function inTags(tag: string, content: string): string {
  return `<${tag}>\n${content}\n</${tag}>`;
}

/** One line of plain text: control characters and line breaks become spaces, the rest is cut to `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const flat = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return flat.length <= limit ? flat : `${flat.slice(0, limit - 1)}…`;
}

/** Cuts a text at `limit` characters at a line's end where there is one, and says so. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.lastIndexOf('\n', limit);
  return `${text.slice(0, cut > limit / 2 ? cut : limit)}\n… (cut after ${limit} characters)`;
}
