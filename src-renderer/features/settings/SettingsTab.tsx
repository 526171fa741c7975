import { Button, Group, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconAdjustments, IconCode, IconFileCode, IconInfoCircle, IconKey, IconKeyboard, IconPalette, IconSearch, IconShieldCheck, IconSparkles } from '@tabler/icons-react';
import { useState, type ComponentType, type ReactNode } from 'react';
import { settingSections, settingSpecs, type SettingSection, type SettingSpec } from '../../../src-preload/contract/settingSpecs';
import { runCommand } from '../../shell/commands';
import type { TabProps } from '../../shell/TabContent';
import { AssistantSettingsForm } from '../assistant/AssistantSettingsForm';
import { useDocuments } from '../documents/store';
import { About, Secrets } from './About';
import { KeysSection } from './KeysSection';
import { Problems } from './Problems';
import { SettingRow } from './SettingRow';
import { resetSetting, useSettings } from './store';
import { wordsOf } from './words';
import { YamlView } from './YamlView';
import styles from './Settings.module.css';

interface Page {
  readonly title: string;
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
}

const pages = {
  appearance: { title: 'Appearance', icon: IconPalette },
  keys: { title: 'Keys', icon: IconKeyboard },
  editor: { title: 'Editor', icon: IconCode },
  limits: { title: 'Limits', icon: IconAdjustments },
  safety: { title: 'Safety', icon: IconShieldCheck },
  models: { title: 'Models', icon: IconSparkles },
  secrets: { title: 'Secrets', icon: IconKey },
  yaml: { title: 'As YAML', icon: IconFileCode },
  about: { title: 'About', icon: IconInfoCircle },
} as const satisfies Record<string, Page>;
type PageName = keyof typeof pages;
const pageNames = Object.keys(pages) as PageName[];

/** The page that a tab's text names; the first when it is nonsense. */
const pageOf = (text: string): PageName => pageNames.find((name) => name === text) ?? 'appearance';

const safetyNote = 'DROP, TRUNCATE and changes of all rows ask everywhere, and production asks before every write: nothing turns that off. These add to it, and they hold for you alone: what the assistant proposes always needs your yes.';

function Part({ title, action, children }: { readonly title: string; readonly action?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}>
        <Text component="h2" size="md" fw={600} flex={1}>
          {title}
        </Text>
        {action}
      </div>
      {children}
    </section>
  );
}

const specsOf = (section: SettingSection): [string, SettingSpec][] => Object.entries<SettingSpec>(settingSpecs[section]);

/** The settings of a section whose names or words have the letters that were searched for. */
function found(section: SettingSection, search: string): [string, SettingSpec][] {
  const wanted = search.trim().toLowerCase();
  return specsOf(section).filter(([name]) => {
    const { label, text, options } = wordsOf(section, name);
    return `${section}.${name} ${pages[section].title} ${label} ${text} ${Object.values(options ?? {}).join(' ')}`.toLowerCase().includes(wanted);
  });
}

function Values({ section, search }: { readonly section: SettingSection; readonly search: string }) {
  const rows = found(section, search);
  if (rows.length === 0) return null;
  const reset = (
    <Button variant="subtle" size="compact-xs" onClick={() => void resetSetting(section)}>
      Reset this section
    </Button>
  );
  return (
    <Part title={pages[section].title} action={search === '' ? reset : undefined}>
      {section === 'safety' ? (
        <Text size="xs" c="dimmed" py={8}>
          {safetyNote}
        </Text>
      ) : null}
      {rows.map(([name, spec]) => (
        <SettingRow key={name} section={section} name={name} spec={spec} />
      ))}
    </Part>
  );
}

function PageBody({ page }: { readonly page: Exclude<PageName, 'yaml'> }) {
  switch (page) {
    case 'keys':
      return <KeysSection search="" />;
    case 'models':
      return (
        <Part title="Models">
          <div style={{ maxWidth: 460, paddingTop: 10 }}>
            <AssistantSettingsForm />
          </div>
        </Part>
      );
    case 'secrets':
      return (
        <Part title="Secrets">
          <Secrets />
        </Part>
      );
    case 'about':
      return (
        <Part title="About">
          <About />
        </Part>
      );
    default:
      return <Values section={page} search="" />;
  }
}

function SearchResult({ search }: { readonly search: string }) {
  return (
    <>
      {settingSections.map((section) => (
        <Values key={section} section={section} search={search} />
      ))}
      <KeysSection search={search} />
      <Text size="sm" c="dimmed" px={20} py={12}>
        These are the settings and commands with “{search.trim()}” in their names or words.
      </Text>
    </>
  );
}

function Navigation({ page, onPage }: { readonly page: PageName | null; readonly onPage: (page: PageName) => void }) {
  const settings = useSettings((state) => state.settings);
  const modified = (name: PageName): number => {
    if (name === 'keys') return Object.keys(settings.keys).length;
    const section = settingSections.find((candidate) => candidate === name);
    return section ? specsOf(section).filter(([key, spec]) => (settings[section] as Readonly<Record<string, unknown>>)[key] !== spec.default).length : 0;
  };
  return (
    <nav className={styles.nav} aria-label="Sections of the settings">
      {pageNames.map((name) => {
        const { title, icon: Icon } = pages[name];
        const count = modified(name);
        return (
          <UnstyledButton key={name} className={styles.navItem} aria-current={page === name ? 'page' : undefined} onClick={() => onPage(name)}>
            <Icon size={16} stroke={1.6} aria-hidden />
            {title}
            {count > 0 ? (
              <span className={styles.navCount} title={`${count} modified`}>
                {count}
              </span>
            ) : null}
          </UnstyledButton>
        );
      })}
    </nav>
  );
}

/** What a person sets: by forms, and as the file that they are kept in. */
export function SettingsTab({ document }: TabProps) {
  const [search, setSearch] = useState('');
  const page = pageOf(document.text);
  const go = (text: PageName): void => {
    setSearch('');
    useDocuments.getState().updateDocument(document.id, { text });
  };
  const searching = search.trim() !== '';
  const yaml = page === 'yaml' && !searching;
  const [yamlOpened, setYamlOpened] = useState(yaml);
  if (yaml && !yamlOpened) setYamlOpened(true);
  return (
    <div className={styles.tab}>
      <div className={styles.head}>
        <Group gap="sm">
          <TextInput w={320} aria-label="Search settings" placeholder="Search settings and commands" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
          <Button variant="subtle" onClick={() => runCommand('help.shortcuts')}>
            Keyboard shortcuts
          </Button>
        </Group>
        <Problems onYaml={() => go('yaml')} />
      </div>
      <Navigation page={searching ? null : page} onPage={go} />
      <div className={styles.body} tabIndex={-1}>
        {searching ? <SearchResult search={search} /> : null}
        {!searching && page !== 'yaml' ? <PageBody page={page} /> : null}
        {/* What was typed there stays while another page is looked at. */}
        {yamlOpened ? (
          <div className={styles.yaml} hidden={!yaml}>
            <YamlView documentId={document.id} />
          </div>
        ) : null}
      </div>
    </div>
  );
}
