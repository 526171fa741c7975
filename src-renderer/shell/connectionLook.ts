import { DEFAULT_THEME, luminance } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { ConnectionProfile, Environment } from '../../src-preload/contract/connections';

/** The shade that stands for a connection's colour; the same in both themes, so that it is recognised. */
const SHADE = 7;
/** Above this luminance black text has the better contrast. */
const DARK_INK_ABOVE = 0.179;

const hexOf = (color: ConnectionProfile['color']): string => DEFAULT_THEME.colors[color]?.[SHADE] ?? '#515a67';

/** A connection's colour as CSS. */
export const connectionHex = (connection: Pick<ConnectionProfile, 'color'>): string => hexOf(connection.color);

/** Ground and ink of a chip in the connection's colour, as custom properties for the stylesheet. */
export function connectionChip(connection: Pick<ConnectionProfile, 'color'>): CSSProperties {
  const ground = hexOf(connection.color);
  return { '--status-ground': ground, '--status-ink': luminance(ground) > DARK_INK_ABOVE ? '#000' : '#fff' } as CSSProperties;
}

/** The environments, the least dangerous first. */
export const environments = ['dev', 'staging', 'production'] as const satisfies readonly Environment[];
export const connectionColors = ['gray', 'red', 'pink', 'grape', 'violet', 'indigo', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'orange'] as const satisfies readonly ConnectionProfile['color'][];
export const environmentLabel: Record<Environment, string> = { dev: 'dev', staging: 'staging', production: 'PRODUCTION' };
export const environmentColor: Record<Environment, string> = { dev: 'teal', staging: 'yellow', production: 'red' };
