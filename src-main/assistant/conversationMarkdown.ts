import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { Conversation, Message, MessagePart, Proposal } from '../../src-preload/contract/assistant';
import { oneLine } from './boundary';

/** A conversation as a Markdown document: questions, answers, queries with their checks, what became of proposals. Rows are not in it. */
export function conversationMarkdown(conversation: Conversation, profile: Pick<ConnectionProfile, 'name' | 'environment'> | null, messages: readonly Message[]): string {
  const on = profile ? `${plain(profile.name)} (${profile.environment})` : 'a connection that was removed';
  const head = [`# ${plain(conversation.title)}`, `Connection: ${on}. Last changed: ${conversation.updatedAt}. Rows of results are not part of this file.`];
  return `${[...head, ...messages.map(messageText)].join('\n\n')}\n`;
}

function messageText(message: Message): string {
  const parts = message.parts.flatMap(partText);
  if (message.role === 'user') return [`## Question (${message.at})`, ...parts].join('\n\n');
  const by = [message.model, message.stopped ? 'stopped' : null].filter((word) => word !== null).join(', ');
  return [`### Answer${by === '' ? '' : ` (${by})`}`, ...parts].join('\n\n');
}

function partText(part: MessagePart): string[] {
  switch (part.kind) {
    case 'text':
      return part.text.trim() === '' ? [] : [written(part.text.trim())];
    case 'thinking':
      return [];
    case 'tool':
      return [`- ${plain(part.title)}: ${part.state}${part.summary === '' ? '' : `, ${plain(part.summary)}`}`];
    case 'sql':
      return sqlText(part);
    case 'proposal':
      return proposalText(part.proposal);
    case 'notes':
      return [`**Proposed notes (${part.proposal.state})**: ${plain(part.proposal.purpose)}`, fenced(part.proposal.after, 'markdown')];
    case 'error':
      return [`> **It failed:** ${plain(part.error.message)}${part.error.hint === undefined ? '' : ` ${plain(part.error.hint)}`}`];
  }
}

function sqlText(part: Extract<MessagePart, { kind: 'sql' }>): string[] {
  const { verdict, resolved, problems } = part.check;
  const check = verdict.readOnly ? (resolved && problems.length === 0 ? 'Checked: it only reads, and every name in it exists.' : `It only reads. ${problems.join(' ')}`) : `Refused: it ${verdict.reason}.`;
  const ran = part.rows === null ? 'It was not run.' : `It gave ${part.rows.toLocaleString('en')}${part.truncated ? ' rows and was cut there' : part.rows === 1 ? ' row' : ' rows'}.`;
  return [`**${plain(part.title || 'Query')}**`, fenced(part.text, 'sql'), plain(`${check} ${part.error ? `It failed: ${part.error.message}` : ran}`)];
}

function proposalText(proposal: Proposal): string[] {
  return [`**Proposed change (${proposal.state})**: ${plain(proposal.purpose)}`, fenced(proposal.text, 'sql'), ...(proposal.result === null ? [] : [plain(proposal.result)])];
}

/** Markdown that a model wrote: it stays Markdown, but whoever opens the file loads no picture from elsewhere and no HTML. */
function written(text: string): string {
  return text
    .replaceAll('![', String.raw`!\[`)
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/<(?=[a-z!/?])/gi, '&lt;')))
    .join('');
}

/** Text that shows as it is: what names and messages of a server hold must not become headings, links or HTML of the document. */
function plain(text: string): string {
  return oneLine(text, 2_000).replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}

/** A code block whose fence is longer than any run of backticks in it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\s+$/, '')}\n${fence}`;
}
