import type { SettingSection, settingSpecs } from '../../../src-preload/contract/settingSpecs';

interface Words {
  readonly label: string;
  readonly text: string;
  readonly unit?: string;
  /** What the values of a choice are called. */
  readonly options?: Readonly<Record<string, string>>;
}

const asks = {
  destructive: 'DROP, TRUNCATE, all rows',
  structure: 'All changes of structure as well',
  writes: 'Everything but reading',
};

/** How the settings are called on the screen; a setting without words does not compile. */
export const settingWords = {
  appearance: {
    theme: { label: 'Theme', text: 'Light, dark, or as the system has it.', options: { light: 'Light', dark: 'Dark', system: 'As the system' } },
    zoom: { label: 'Zoom', text: 'The size of everything in the window.', unit: '%' },
    motion: { label: 'Motion', text: 'What fades and slides may be still.', options: { system: 'As the system', reduced: 'Reduced' } },
    times: { label: 'Exact times', text: 'The zone of the times beside “4 min ago”. Values of a database are never changed.', options: { local: 'Of this computer', utc: 'UTC' } },
  },
  editor: {
    fontSize: { label: 'Font size', text: 'Of the text in the editors.', unit: 'px' },
    tabSize: { label: 'Tab size', text: 'Spaces of a tab and of one step of indentation.', unit: 'spaces' },
    wordWrap: { label: 'Wrap long lines', text: 'Instead of scrolling to the side.' },
    lineNumbers: { label: 'Line numbers', text: 'At the left of the text.' },
    closeBrackets: { label: 'Close brackets and quotes', text: 'The closing one is typed with the opening one.' },
    formatKeywords: { label: 'Formatter: keywords', text: 'Names are never touched.', options: { upper: 'UPPER', lower: 'lower', preserve: 'As typed' } },
    formatIndent: { label: 'Formatter: indentation', text: 'Spaces of one step.', unit: 'spaces' },
    formatWidth: { label: 'Formatter: line width', text: 'A line that would be longer is broken.', unit: 'characters' },
    completeOnTyping: { label: 'Propose while typing', text: 'When off, Ctrl+Space asks for proposals.' },
  },
  limits: {
    statementSeconds: { label: 'Time limit of a statement', text: 'What a new query tab begins with; the server ends what takes longer. 0 is no limit.', unit: 's' },
    lockSeconds: { label: 'Wait for locks', text: 'What a change of structure begins with, so that nobody queues behind it for long. 0 is no limit.', unit: 's' },
    tableRows: { label: 'Rows of a table’s page', text: 'Read at once when a table is opened.' },
    cellCharacters: { label: 'Preview of a long value', text: 'The grid shows this much; the whole value is a key away and is never cut when copied or exported.', unit: 'characters' },
    askCost: { label: 'Cost of a query that Claude runs', text: 'In the planner’s units; what would cost more is left to you. A scan of a table of 40 GB costs about six million. 0 is no limit.' },
    resultMegabytes: { label: 'Disk space of results', text: 'All open results together; a query that would need more stops with what it has. 0 is what the disk has.', unit: 'MB' },
  },
  safety: {
    developmentAsks: { label: 'On development, ask before', text: 'Statements of yours that must be confirmed first. With changes of structure comes what could not be analysed.', options: asks },
    stagingAsks: { label: 'On staging, ask before', text: 'As above, on connections that are marked as staging.', options: asks },
    productionReadOnly: { label: 'New production connections are read-only', text: 'A new connection that is marked as production begins in the read-only lane; it can be changed in its form.' },
  },
} as const satisfies { readonly [S in SettingSection]: Readonly<Record<keyof (typeof settingSpecs)[S], Words>> };

export function wordsOf(section: SettingSection, key: string): Words {
  const words: Readonly<Record<string, Words>> = settingWords[section];
  return words[key] ?? { label: key, text: '' };
}
