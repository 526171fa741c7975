import { memo, useMemo, type CSSProperties } from 'react';
import { highlightSql } from './sql/highlight';
import classes from './SqlText.module.css';

/** Highlighting costs time in proportion to the text; what is longer is shown plain. */
const HIGHLIGHT_LIMIT = 100_000;

export interface SqlTextProps {
  readonly text: string;
  /** Cuts the block to this many lines; the rest scrolls. None by default. */
  readonly maxLines?: number;
  /** One line, cut with an ellipsis, for lists. */
  readonly singleLine?: boolean;
  /** For screen readers; `SQL` by default. */
  readonly label?: string;
  readonly className?: string;
}

/** A small read-only block of highlighted SQL that can be selected and copied. */
export const SqlText = memo(function SqlText({ text, maxLines, singleLine = false, label = 'SQL', className }: SqlTextProps) {
  const shown = useMemo(() => (singleLine ? text.slice(0, 500).replaceAll(/\s+/g, ' ').trim() : text), [text, singleLine]);
  const pieces = useMemo(() => (shown.length > HIGHLIGHT_LIMIT ? [{ text: shown, className: '' }] : highlightSql(shown)), [shown]);
  const style: CSSProperties | undefined = maxLines === undefined ? undefined : { maxHeight: `calc(${maxLines} * 1.5em + 12px)` };
  const body = pieces.map((piece, index) => (piece.className === '' ? piece.text : <span key={index} className={piece.className}>{piece.text}</span>));
  if (singleLine) return <code className={[classes.line, className].join(' ')}>{body}</code>;
  return (
    // A block that scrolls must be reachable with the keyboard.
    <pre className={[classes.block, className].join(' ')} style={style} tabIndex={0} role="region" aria-label={label}>
      <code>{body}</code>
    </pre>
  );
});
