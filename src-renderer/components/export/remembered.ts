import { exportSpec, type ExportFormat, type ExportSpec } from '../../../src-preload/contract/exportSpec';
import { formatFaces } from './formats';

const key = (format: ExportFormat): string => `export.${format}`;
const lastKey = 'export.last';

/** A format with the options that were last used with it; its defaults when there are none, or none that can be used. */
export function rememberedSpec(format: ExportFormat): ExportSpec {
  try {
    const known = exportSpec.safeParse(JSON.parse(window.localStorage.getItem(key(format)) ?? 'null'));
    if (known.success && known.data.format === format) return known.data;
  } catch {
    // What cannot be read is as good as nothing.
  }
  return exportSpec.parse({ format });
}

/** The format that was last exported to. */
export function rememberedFormat(): ExportFormat {
  const last = window.localStorage.getItem(lastKey);
  return formatFaces.find(({ format }) => format === last)?.format ?? 'csv';
}

export function rememberSpec(spec: ExportSpec): void {
  window.localStorage.setItem(lastKey, spec.format);
  window.localStorage.setItem(key(spec.format), JSON.stringify(spec));
}
