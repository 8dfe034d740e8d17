import { Combobox, Group, Loader, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';

type BoxProps = {
  readonly label: string;
  readonly placeholder: string;
  /** What is searched for now; the box follows when it changes elsewhere. */
  readonly value: string;
  readonly onSearch: (search: string) => void;
};

/** A search box that asks when the typing pauses. */
export function SearchBox({ label, placeholder, value, onSearch }: BoxProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    if (value !== text.trim()) setText(value);
  }
  const ask = useDebouncedCallback((next: string) => onSearch(next.trim()), 250);
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={placeholder}
      value={text}
      leftSection={<Search size={16} aria-hidden />}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
    />
  );
}

/** Something that can be picked: what it is, and what helps to tell it from the others. */
export type Choice = {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly end?: ReactNode;
};

type Props = {
  readonly label: string;
  readonly placeholder: string;
  readonly id?: string;
  readonly error?: string | undefined;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly choices: readonly Choice[];
  readonly loading: boolean;
  /** The choices are still those of an earlier search: only what matches the new one may be picked. */
  readonly stale: boolean;
  readonly onPick: (key: string) => void;
};

/** Finds one of many by typing: arrows and Enter, or a click. */
export function Picker({ label, placeholder, id, error, search, ...rest }: Props) {
  const { onSearch, loading, onPick } = rest;
  const choices = rest.stale ? rest.choices.filter((choice) => matches(choice, search)) : rest.choices;
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const pick = (key: string) => {
    onPick(key);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={pick} shadow="md">
      <Combobox.Target>
        <TextInput
          label={label}
          placeholder={placeholder}
          id={id}
          error={error}
          value={search}
          autoComplete="off"
          leftSection={<Search size={16} aria-hidden />}
          rightSection={loading ? <Loader size="xs" aria-hidden /> : null}
          onChange={(event) => {
            onSearch(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={label}>
          {choices.map((choice) => (
            <Combobox.Option key={choice.key} value={choice.key}>
              <Line {...choice} />
            </Combobox.Option>
          ))}
          {choices.length === 0 && (
            <Combobox.Empty>{loading || rest.stale ? 'Looking …' : 'Nothing matches.'}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

const matches = ({ label, detail }: Choice, search: string): boolean =>
  `${label} ${detail}`.toLowerCase().includes(search.trim().toLowerCase());

const Line = ({ label, detail, end }: Choice) => (
  <Group justify="space-between" wrap="nowrap" gap="md">
    <div style={{ minWidth: 0 }}>
      <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
        {label}
      </Text>
      <Text size="xs" c="dimmed">
        {detail}
      </Text>
    </div>
    <Text component="div" size="sm" ta="end" style={{ whiteSpace: 'nowrap' }}>
      {end}
    </Text>
  </Group>
);
