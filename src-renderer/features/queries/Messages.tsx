import { Anchor, Badge, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconPlayerStop } from '@tabler/icons-react';
import { Fragment, memo } from 'react';
import { SqlText } from '../../components/SqlText';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount, formatDuration } from '../../shell/format';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { RunRequest } from '../../components/CodeEditor';
import { lineAndColumn } from './errorMark';
import { describeDone, type RunLog, type StatementRun } from './runState';
import classes from './QueryTab.module.css';

/** More lines than a person reads; what failed is shown in any case. */
const MOST_SHOWN = 500;

interface MessagesProps {
  readonly log: RunLog;
  readonly request: RunRequest | null;
  readonly error: AppErrorData | null;
  readonly busy: boolean;
  /** Goes to an offset of the ran text. */
  readonly onReveal: (offset: number) => void;
}

function StateIcon({ statement }: { readonly statement: StatementRun }) {
  if (statement.state === 'running') return <Loader size={13} aria-label="running" />;
  if (statement.state === 'unknown') return <IconAlertTriangle size={14} className={classes.muted} aria-label="outcome not known" />;
  if (statement.state === 'done') return <IconCheck size={14} className={classes.good} aria-label="done" />;
  if (statement.error?.code === 'cancelled') return <IconPlayerStop size={14} className={classes.muted} aria-label="cancelled" />;
  return <IconAlertTriangle size={14} className={classes.bad} aria-label="failed" />;
}

function Failure({ error, text, onReveal }: { readonly error: AppErrorData; readonly text: string; readonly onReveal: (offset: number) => void }) {
  const at = error.position === undefined ? null : lineAndColumn(text, error.position);
  return (
    <div className={classes.failure}>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {error.message}
        {error.serverCode ? <span className={classes.code}>{error.serverCode}</span> : null}
      </Text>
      {error.detail ? (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {error.detail}
        </Text>
      ) : null}
      {error.hint ? <Text size="sm">Hint: {error.hint}</Text> : null}
      {at ? (
        <Anchor component="button" type="button" size="sm" onClick={() => onReveal(error.position ?? 0)}>
          line {at.line}, column {at.column} of what was run
        </Anchor>
      ) : null}
    </div>
  );
}

function outcomeOf(statement: StatementRun): string {
  switch (statement.state) {
    case 'running':
      return 'running';
    case 'done':
      return describeDone(statement, formatCount);
    case 'unknown':
      return 'Outcome not known';
    case 'failed':
      return statement.error?.code === 'cancelled' ? 'Cancelled' : 'Failed';
  }
}

const Statement = memo(function Statement({ statement, text, onReveal }: { readonly statement: StatementRun; readonly text: string; readonly onReveal: (offset: number) => void }) {
  return (
    <li className={classes.message} data-state={statement.error?.code === 'cancelled' ? 'cancelled' : statement.state}>
      <span className={classes.messageIcon}>
        <StateIcon statement={statement} />
      </span>
      <div className={classes.messageBody}>
        <div className={classes.messageLine}>
          <b>{outcomeOf(statement)}</b>
          {statement.milliseconds === null ? null : <span className={classes.muted}>{formatDuration(statement.milliseconds)}</span>}
          <button type="button" className={classes.messageSql} title="Show it in the editor" onClick={() => onReveal(statement.from)}>
            <SqlText text={text.slice(statement.from, Math.min(statement.to, statement.from + 400))} singleLine />
          </button>
        </div>
        {statement.error ? <Failure error={statement.error} text={text} onReveal={onReveal} /> : null}
        {statement.notices.map((notice, index) => (
          <div className={classes.notice} key={index}>
            <IconInfoCircle size={13} aria-hidden />
            <Badge color={notice.severity === 'WARNING' ? 'orange' : 'gray'}>{notice.severity}</Badge>
            <span>
              {notice.message}
              {notice.detail ? <span className={classes.muted}> {notice.detail}</span> : null}
              {notice.hint ? <span className={classes.muted}> Hint: {notice.hint}</span> : null}
            </span>
          </div>
        ))}
      </div>
    </li>
  );
});

/** Everything that the server said: each statement's outcome and time, notices, errors with their place. */
export function Messages({ log, request, error, busy, onReveal }: MessagesProps) {
  const text = request?.text ?? '';
  const shown = log.statements.length <= MOST_SHOWN ? log.statements : log.statements.filter((statement, index) => statement.state !== 'done' || index >= log.statements.length - MOST_SHOWN).slice(-MOST_SHOWN);
  const hidden = log.statements.length - shown.length;
  return (
    <div className={classes.messages} tabIndex={0} role="region" aria-label="Messages">
      {error ? (
        <div className={classes.runError}>
          <ErrorPanel error={error} title={error.code === 'cancelled' ? 'Cancelled' : 'The run did not come to its end'} />
        </div>
      ) : null}
      {hidden > 0 ? <p className={classes.hint}>{formatCount(hidden)} statements that succeeded are not listed.</p> : null}
      <ol className={classes.messageList}>
        {shown.map((statement) => (
          <Fragment key={statement.index}>
            {log.own
              .filter(({ before }) => before === statement.index)
              .map((own) => (
                <li key={own.text} className={classes.ownMessage}>
                  <SqlText text={own.text} singleLine />
                  <span>sent by the program: {own.why}</span>
                </li>
              ))}
            <Statement statement={statement} text={text} onReveal={onReveal} />
          </Fragment>
        ))}
      </ol>
      {log.statements.length === 0 && !error ? <p className={classes.hint}>{busy ? 'Waiting for the server…' : 'Nothing to tell.'}</p> : null}
    </div>
  );
}
