import { Badge, Button } from '@mantine/core';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { indentUnit, syntaxHighlighting } from '@codemirror/language';
import { forceLinting, linter, lintGutter, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SettingProblem } from '../../../src-preload/contract/settings';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { editorTheme } from '../../components/editor/theme';
import { sqlHighlighter } from '../../components/sql/highlight';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone } from '../../shell/errors';
import { markTab } from '../../shell/tabs';
import { useSettings } from './store';
import { yamlLanguage } from './yamlLanguage';
import styles from './Settings.module.css';

const EXAMPLE = '# Every setting of the other pages may stand here, such as\n# appearance:\n#   theme: dark\n# keys:\n#   query.run: [F9]';

const diagnosticOf = ({ from, to, message }: SettingProblem, length: number): Diagnostic => ({ from: Math.min(from, length), to: Math.min(Math.max(to, from), length), severity: 'error', message });

async function problemsOf(view: EditorView): Promise<Diagnostic[]> {
  const { doc } = view.state;
  try {
    const found = await client.settings.check({ text: doc.toString() });
    return found.map((problem) => diagnosticOf(problem, doc.length));
  } catch (error) {
    return [{ from: 0, to: 0, severity: 'error', message: errorData(error).message }];
  }
}

interface YamlViewProps {
  readonly documentId: string;
}

/** The file of the settings as it stands, with what is wrong marked; saved by Ctrl+S or the button. */
export function YamlView({ documentId }: YamlViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const before = useRef('');
  const [dirty, setDirty] = useState(false);
  const [outside, setOutside] = useState(false);
  const [error, setError] = useState<AppErrorData | null>(null);
  const file = useSettings((state) => state.file);

  const load = useCallback(async (): Promise<void> => {
    try {
      const { text } = await client.settings.text(undefined);
      before.current = text;
      const current = view.current;
      current?.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
      setDirty(false);
      setOutside(false);
      setError(null);
    } catch (failure) {
      setError(errorData(failure));
    }
  }, []);

  const save = useCallback(async (): Promise<void> => {
    const text = view.current?.state.doc.toString() ?? '';
    try {
      await client.settings.saveText({ text, before: before.current });
      before.current = text;
      setDirty(view.current?.state.doc.toString() !== text);
      setOutside(false);
      setError(null);
      showDone('The settings are saved');
    } catch (failure) {
      setError(errorData(failure));
    }
  }, []);

  useEffect(() => {
    const parent = host.current;
    if (!parent) return undefined;
    const created = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          keymap.of([{ key: 'Mod-s', preventDefault: true, stopPropagation: true, run: () => (void save(), true) }]),
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          yamlLanguage,
          syntaxHighlighting(sqlHighlighter),
          indentUnit.of('  '),
          linter(problemsOf, { delay: 200 }),
          placeholder(EXAMPLE),
          keymap.of([...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), indentWithTab]),
          EditorView.contentAttributes.of({ 'aria-label': 'Settings as YAML', spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) setDirty(update.state.doc.toString() !== before.current);
          }),
          editorTheme,
        ],
      }),
    });
    view.current = created;
    void load().then(() => view.current && forceLinting(view.current));
    return () => {
      view.current = null;
      created.destroy();
    };
  }, [load, save]);

  useEffect(() => {
    markTab(documentId, { dirty });
    return () => markTab(documentId, { dirty: false });
  }, [documentId, dirty]);

  // An edit outside comes in at once, unless something was typed here, which only the person may give up.
  useEffect(
    () =>
      client.settings.on('changed', () => {
        void client.settings.text(undefined).then(({ text }) => {
          if (text === before.current) return;
          if (view.current?.state.doc.toString() === before.current) void load();
          else setOutside(true);
        }, () => setOutside(true));
      }),
    [load],
  );

  return (
    <div className={styles.yaml}>
      <div className={styles.yamlHead}>
        <span className={styles.path} title={file}>
          {file}
        </span>
        {outside ? <Badge color="yellow">changed by another program</Badge> : null}
        {dirty ? <Badge color="gray">not saved</Badge> : null}
        <Button variant="default" disabled={!dirty && !outside} onClick={() => void load()}>
          Read it again
        </Button>
        <Button disabled={!dirty} onClick={() => void save()}>
          Save
        </Button>
      </div>
      {error ? (
        <div style={{ padding: '10px 16px' }}>
          <ErrorPanel title="The file of the settings" error={error} />
        </div>
      ) : null}
      <div ref={host} className={styles.yamlEditor} />
    </div>
  );
}
