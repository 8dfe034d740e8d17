import {
  ActionIcon,
  Anchor,
  Button,
  Checkbox,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  Select,
  Tooltip,
} from '@mantine/core';

const loom: MantineColorsTuple = [
  '#e8f5f4',
  '#cfe9e7',
  '#9fd4d1',
  '#6fc0bc',
  '#48aeaa',
  '#23918d',
  '#107d7a',
  '#0b6e6e',
  '#085a5b',
  '#044546',
];

/** The kit as this console wears it; names and target sizes are those that WCAG 2.2 AA asks for. */
export const theme = createTheme({
  colors: { loom },
  primaryColor: 'loom',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "'Inter Variable', Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, sans-serif",
  headings: {
    fontFamily: "'Inter Variable', Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, sans-serif",
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.25' }, h2: { fontSize: '1.05rem', lineHeight: '1.4' } },
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover', inherit: true } }),
    Button: Button.extend({ defaultProps: { loaderProps: { type: 'dots' } } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'md' } }),
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md' } }),
    Modal: Modal.extend({
      styles: { title: { fontWeight: 650 } },
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { blur: 1 },
      },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close the message' } },
    }),
    Select: Select.extend({ defaultProps: { checkIconPosition: 'right' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        multiline: true,
        maw: 320,
        withArrow: true,
      },
    }),
  },
});

/** Colours whose defaults are too pale for WCAG AA. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#17211f',
    '--mantine-color-dimmed': '#56605f',
    '--mantine-color-placeholder': '#667170',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#0b6262',
    '--mantine-color-red-outline': '#b42318',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b0af',
    '--mantine-color-placeholder': '#a0a8a7',
    '--mantine-color-error': '#ff9b93',
    '--mantine-color-anchor': '#6fc9c4',
    '--mantine-color-red-outline': '#ff9b93',
  },
});
