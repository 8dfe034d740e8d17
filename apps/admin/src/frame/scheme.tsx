import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Moon, Sun } from 'lucide-react';

/** Dark or light; what the system prefers until it is chosen. */
export function useScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return { dark, toggle: () => setColorScheme(dark ? 'light' : 'dark') };
}

export function SchemeToggle() {
  const { dark, toggle } = useScheme();
  return (
    <ActionIcon onClick={toggle} aria-label={dark ? 'Use light colours' : 'Use dark colours'}>
      {dark ? <Sun size={20} aria-hidden /> : <Moon size={20} aria-hidden />}
    </ActionIcon>
  );
}
