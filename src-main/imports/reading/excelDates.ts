const dayMs = 86_400_000;

/** Number formats that are there without a definition and show dates or times. Source: ECMA-376 part 1, 18.8.30 numFmt. */
const builtinDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 34, 35, 36, 45, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58]);

/** Whether a number format shows a moment. Elapsed time such as `[h]:mm` is a number of days, not a moment. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtinDates.has(id);
  const bare = code.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  if (/\[(h+|m+|s+)\]/i.test(bare)) return false;
  return /[ymdhs]/i.test(bare.split(';')[0] ?? '') && !/general/i.test(bare);
}

/**
 * A serial number of days as ISO text: a date, a timestamp to the millisecond, or a time where there is no day. Null when the number stands
 * for no day (such as 60, the 29 February 1900 that never was).
 */
export function dateText(serial: number, from1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return null;
  const days = Math.floor(serial);
  const ms = Math.round((serial - days) * dayMs);
  const time = new Date(ms).toISOString().slice(11, 23).replace(/\.000$/, '');
  if (days === 0 && !from1904) return ms === dayMs ? null : time;
  if (!from1904 && days === 60) return null;
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const moment = new Date(epoch + days * dayMs + ms).toISOString();
  return ms === 0 ? moment.slice(0, 10) : `${moment.slice(0, 10)} ${moment.slice(11, 23).replace(/\.000$/, '')}`;
}
