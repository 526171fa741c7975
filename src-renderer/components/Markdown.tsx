import { Anchor, Code } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import { client } from '../client';
import { SqlText } from './SqlText';
import { showError } from '../shell/errors';
import styles from './Markdown.module.css';

/** The plain text inside of a rendered node. */
function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  return '';
}

function open(url: string): void {
  client.application.openExternal({ url }).catch((error: unknown) => showError('The link could not be opened', error));
}

/**
 * What a model writes is not trusted: no image is loaded, raw HTML is shown as text, and a link is a button that shows its whole address
 * and goes through main's one door.
 */
const components: Components = {
  img: ({ alt }) => <Code fz="xs">[picture not shown{alt ? `: ${alt}` : ''}]</Code>,
  a: ({ href, children }) => (
    <Anchor component="button" type="button" fz="inherit" title={href} onClick={() => href && open(href)}>
      {children}
    </Anchor>
  ),
  pre: ({ children }) => <>{children}</>,
  code: ({ className, children }) => {
    const text = textOf(children);
    const block = className !== undefined || text.includes('\n');
    if (!block) return <Code fz="0.92em">{text}</Code>;
    if (className === undefined || /language-(sql|postgres|pgsql)/.test(className)) return <SqlText text={text.replace(/\n$/, '')} />;
    return (
      // A block that scrolls must be reachable with the keyboard.
      <pre className={styles.codeBlock} tabIndex={0}>
        {text}
      </pre>
    );
  },
  h1: ({ children }) => <p className={styles.heading}>{children}</p>,
  h2: ({ children }) => <p className={styles.heading}>{children}</p>,
  h3: ({ children }) => <p className={styles.heading}>{children}</p>,
};

/** Markdown of a model or a person; safe whatever it holds. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown components={components}>{text}</ReactMarkdown>
    </div>
  );
});
