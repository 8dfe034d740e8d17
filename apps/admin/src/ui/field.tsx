import { Alert, Anchor, Button, Group, List, Stack } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import type { FormEvent, ReactNode } from 'react';

type Fault = { readonly path: string; readonly message: string };
type Shown = {
  readonly id: string;
  readonly faults: readonly Fault[];
  readonly refusal: string | null;
  readonly busy: boolean;
};

type Props = {
  readonly form: Shown;
  /** What the fields are called, by path, for the summary. */
  readonly labels: Readonly<Record<string, string>>;
  readonly submit: string;
  readonly onSubmit: () => void;
  readonly onCancel?: () => void;
  readonly danger?: boolean;
  readonly children: ReactNode;
};

/** A form: its fields, what is wrong with them, what was refused, and its one button. */
export function Fields({ form, labels, submit, onSubmit, onCancel, danger, children }: Props) {
  const onSend = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={onSend} noValidate>
      <Stack gap="md">
        {form.faults.length > 0 && <Summary form={form} labels={labels} />}
        {children}
        {form.refusal && (
          <Alert color="red" variant="outline" icon={<CircleAlert aria-hidden />} role="alert">
            {form.refusal}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Back
            </Button>
          )}
          <Button type="submit" loading={form.busy} {...(danger && { color: 'red.9' })}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Everything that is wrong, at the top, each leading to its field. */
const Summary = ({ form, labels }: { readonly form: Shown; readonly labels: Props['labels'] }) => (
  <Alert
    color="red"
    variant="outline"
    icon={<CircleAlert aria-hidden />}
    role="alert"
    title="This needs a correction"
  >
    <List size="sm">
      {form.faults.map(({ path, message }) => (
        <List.Item key={path}>
          <Anchor
            component="button"
            type="button"
            size="sm"
            lh="1.75rem"
            ta="start"
            onClick={() => focusOn(form.id + path)}
          >
            {labels[path] ?? path}: {message}
          </Anchor>
        </List.Item>
      ))}
    </List>
  </Alert>
);

const focusOn = (id: string) => document.getElementById(id)?.focus();
