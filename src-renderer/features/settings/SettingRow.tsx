import { ActionIcon, NumberInput, SegmentedControl, Select, Switch } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { settingProblem, type SettingSection, type SettingSpec, type SettingValue } from '../../../src-preload/contract/settingSpecs';
import { resetSetting, setSetting, useSettings } from './store';
import { wordsOf } from './words';
import styles from './Settings.module.css';

interface ControlProps {
  readonly label: string;
  readonly spec: SettingSpec;
  readonly value: SettingValue;
  readonly unit: string | undefined;
  readonly options: Readonly<Record<string, string>> | undefined;
  readonly onChange: (value: SettingValue) => void;
}

/** A number counts when it is one that the setting admits, at Enter or when the field is left. */
function NumberField({ label, spec, value, unit, onChange }: ControlProps & { readonly spec: Extract<SettingSpec, { kind: 'number' }> }) {
  const [typed, setTyped] = useState<string | number>(Number(value));
  useEffect(() => setTyped(Number(value)), [value]);
  const problem = settingProblem(spec, typed);
  const commit = (): void => {
    if (problem === null && typed !== value) onChange(typed);
    else if (problem !== null) setTyped(Number(value));
  };
  return (
    <NumberInput
      aria-label={label}
      w={150}
      min={spec.min}
      max={spec.max}
      step={spec.step}
      allowDecimal={false}
      clampBehavior="none"
      suffix={unit ? ` ${unit}` : ''}
      value={typed}
      error={problem !== null}
      title={problem === null ? undefined : `It ${problem}`}
      styles={{ input: { textAlign: 'right', paddingRight: 28 } }}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}

function Control(props: ControlProps) {
  const { label, spec, value, options, unit, onChange } = props;
  if (spec.kind === 'switch') return <Switch aria-label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (spec.kind === 'number') return <NumberField {...props} spec={spec} />;
  const data = spec.options.map((option) => ({ value: String(option), label: options?.[option] ?? `${option.toLocaleString('en')}${unit ? ` ${unit}` : ''}` }));
  const choose = (text: string | null): void => {
    const option = spec.options.find((candidate) => String(candidate) === text);
    if (option !== undefined) onChange(option);
  };
  const short = data.every((item) => item.label.length < 16) && data.length < 4;
  if (short) return <SegmentedControl aria-label={label} size="xs" data={data} value={String(value)} onChange={choose} />;
  return <Select aria-label={label} w={272} allowDeselect={false} data={data} value={String(value)} onChange={choose} comboboxProps={{ width: 'max-content', position: 'bottom-end' }} />;
}

const shown = (spec: SettingSpec, options: Readonly<Record<string, string>> | undefined): string =>
  spec.kind === 'switch' ? (spec.default ? 'on' : 'off') : (options?.[spec.default] ?? spec.default.toLocaleString('en'));

/** One setting with its default and the way back to it. */
export function SettingRow({ section, name, spec }: { readonly section: SettingSection; readonly name: string; readonly spec: SettingSpec }) {
  const value = useSettings(({ settings }) => (settings[section] as Readonly<Record<string, SettingValue>>)[name]) ?? spec.default;
  const { label, text, unit, options } = wordsOf(section, name);
  const modified = value !== spec.default;
  return (
    <div className={styles.row} data-modified={modified} data-setting={`${section}.${name}`}>
      <div>
        <span className={styles.label}>{label}</span>
        {modified ? <span className={styles.modified}>modified</span> : null}
        <div className={styles.text}>
          {text} Default: {shown(spec, options)}.
        </div>
      </div>
      <div className={styles.control}>
        <Control label={label} spec={spec} value={value} unit={unit} options={options} onChange={(next) => setSetting(section, name, next)} />
      </div>
      {modified ? (
        <ActionIcon aria-label={`Reset ${label}`} title="Back to the default" onClick={() => void resetSetting(section, name)}>
          <IconRestore size={15} />
        </ActionIcon>
      ) : (
        <span />
      )}
    </div>
  );
}
