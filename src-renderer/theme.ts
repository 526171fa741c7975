import {
  ActionIcon,
  Autocomplete,
  Badge,
  Button,
  createTheme,
  DEFAULT_THEME,
  Drawer,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  Popover,
  SegmentedControl,
  Select,
  Switch,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
  type CSSVariablesResolver,
} from '@mantine/core';

const closeButtonProps = { 'aria-label': 'Close' };
const inputs = { defaultProps: { size: 'xs' } };

/** Dense and calm: small type, small radii, cool greys; sizes are for a screen that is read all day. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  // Above this luminance black text has the better contrast; either way it is 4.5:1 or more.
  luminanceThreshold: 0.179,
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "Inter, 'Segoe UI', system-ui, -apple-system, Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', 'Cascadia Code', ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  colors: {
    // The last three are deep enough for white text: what destroys is not written in black on a bright red.
    red: ['#fff5f5', '#ffe3e3', '#ffc9c9', '#ffa8a8', '#ff8787', '#ff6b6b', '#fa5252', '#d32f2f', '#c92a2a', '#b02525'],
    dark: ['#d5d9e0', '#b4bac5', '#949cab', '#6b7383', '#434a57', '#353b46', '#272c35', '#1d2128', '#171a20', '#111317'],
    gray: ['#f7f8fa', '#eff1f4', '#e3e6eb', '#d3d8df', '#b9c0ca', '#98a1ad', '#717b89', '#515a67', '#363d48', '#1f242c'],
  },
  headings: { fontWeight: '600' },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'sm' } }),
    Autocomplete: Autocomplete.extend(inputs),
    Badge: Badge.extend({ defaultProps: { size: 'sm', variant: 'light', radius: 'sm' }, styles: { root: { textTransform: 'none', fontWeight: 600, flexShrink: 0 } } }),
    Button: Button.extend({ defaultProps: { size: 'xs' }, styles: { label: { fontWeight: 500 } } }),
    Drawer: Drawer.extend({ defaultProps: { position: 'right', size: 480, closeButtonProps, overlayProps: { backgroundOpacity: 0.25 }, transitionProps: { duration: 120 } } }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false, transitionProps: { duration: 80 } } }),
    Modal: Modal.extend({ defaultProps: { centered: true, closeButtonProps, overlayProps: { backgroundOpacity: 0.35 }, transitionProps: { duration: 120 } } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps } }),
    NumberInput: NumberInput.extend(inputs),
    PasswordInput: PasswordInput.extend(inputs),
    // Its own dark track has the ground's colour: the choices would seem to float.
    SegmentedControl: SegmentedControl.extend({ ...inputs, styles: { root: { background: 'var(--app-chrome-deep)', boxShadow: 'inset 0 0 0 1px var(--app-line)' } } }),
    Select: Select.extend(inputs),
    Switch: Switch.extend(inputs),
    Tabs: Tabs.extend({ styles: { tab: { fontSize: 'var(--mantine-font-size-sm)', padding: '6px 12px' } } }),
    Textarea: Textarea.extend(inputs),
    TextInput: TextInput.extend(inputs),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 450, withArrow: false, fz: 'xs', transitionProps: { duration: 80 } } }),
  },
});

type Variables = Record<`--${string}`, string>;

const together = (parts: readonly Variables[]): Variables => parts.reduce<Variables>((all, part) => ({ ...all, ...part }), {});

/** Text in a colour of the palette that keeps 4.5:1 on the light and on the tinted grounds of both themes. */
const tinted = (color: string): { light: Variables; dark: Variables } => {
  const deep = `color-mix(in srgb, var(--mantine-color-${color}-9) 64%, black)`;
  return {
    light: { [`--mantine-color-${color}-light-color`]: deep, [`--mantine-color-${color}-text`]: deep, [`--mantine-color-${color}-outline`]: deep },
    dark: {
      [`--mantine-color-${color}-light-color`]: `var(--mantine-color-${color}-2)`,
      [`--mantine-color-${color}-text`]: `var(--mantine-color-${color}-4)`,
      [`--mantine-color-${color}-outline`]: `var(--mantine-color-${color}-4)`,
    },
  };
};

const tints = Object.keys(DEFAULT_THEME.colors)
  .filter((color) => color !== 'dark')
  .map(tinted);

/** The program's own colours beside Mantine's: `--app-chrome` the frame's ground, `--app-line` hairlines, `--app-hover`, `--app-selected`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...together(tints.map((tint) => tint.light)),
    '--mantine-color-text': '#1b2129',
    '--mantine-color-dimmed': '#59626f',
    '--mantine-color-placeholder': '#697280',
    '--mantine-color-error': '#b42323',
    '--app-ground': '#ffffff',
    '--app-chrome': '#f4f5f8',
    '--app-chrome-deep': '#eaecf1',
    '--app-line': '#dde1e7',
    '--app-hover': '#e9ecf2',
    '--app-selected': '#dfe5fb',
    '--app-card': '#fafbfc',
  },
  dark: {
    ...together(tints.map((tint) => tint.dark)),
    '--mantine-color-body': '#171a20',
    '--mantine-color-text': '#d5d9e0',
    '--mantine-color-dimmed': '#98a1b0',
    '--mantine-color-placeholder': '#8891a0',
    '--mantine-color-error': '#ff8787',
    '--app-ground': '#171a20',
    '--app-chrome': '#1d2128',
    '--app-chrome-deep': '#121419',
    '--app-line': '#2e343e',
    '--app-hover': '#282d37',
    '--app-selected': '#2b3560',
    '--app-card': '#1d2128',
  },
});
