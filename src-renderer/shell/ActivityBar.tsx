import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconDatabase, IconHistory, IconLayoutDashboard, IconProgressCheck, IconSettings, IconSparkles } from '@tabler/icons-react';
import { useJobs } from '../features/jobs/store';
import { useSettings } from '../features/settings/store';
import { runCommand } from './commands';
import { toggleActivity, useLayout, type Activity } from './layout';
import styles from './Shell.module.css';

export const activityFaces = {
  databases: { label: 'Databases', short: 'Data', icon: IconDatabase, keys: 'Mod+Shift+D' },
  assistant: { label: 'Assistant', short: 'Ask', icon: IconSparkles, keys: 'Mod+Shift+A' },
  saved: { label: 'Saved queries', short: 'Saved', icon: IconBookmark, keys: 'Mod+Shift+Y' },
  dashboards: { label: 'Dashboards', short: 'Boards', icon: IconLayoutDashboard, keys: 'Mod+Shift+B' },
  history: { label: 'History', short: 'History', icon: IconHistory, keys: 'Mod+Shift+H' },
  jobs: { label: 'Jobs', short: 'Jobs', icon: IconProgressCheck, keys: 'Mod+Shift+J' },
} as const satisfies Record<Activity, unknown>;

function ActivityButton({ activity, count }: { readonly activity: Activity; readonly count: number }) {
  const pressed = useLayout((state) => state.sidePanel && state.activity === activity);
  const { label, short, icon: Icon } = activityFaces[activity];
  return (
    <Tooltip label={label} position="right">
      <UnstyledButton className={styles.activity} aria-pressed={pressed} aria-label={count > 0 ? `${label}, ${count} running` : label} onClick={() => toggleActivity(activity)}>
        <Icon size={20} stroke={1.6} aria-hidden />
        <span aria-hidden>{short}</span>
        {count > 0 ? (
          <span className={styles.activityCount} aria-hidden>
            {count}
          </span>
        ) : null}
      </UnstyledButton>
    </Tooltip>
  );
}

/** What the panel at the left shows. */
export function ActivityBar() {
  const problems = useSettings((state) => state.problems.length);
  const running = useJobs((state) => state.jobs.filter((job) => job.state === 'running').length);
  return (
    <nav className={styles.activityBar} aria-label="Panels">
      <ActivityButton activity="databases" count={0} />
      <ActivityButton activity="assistant" count={0} />
      <ActivityButton activity="saved" count={0} />
      <ActivityButton activity="dashboards" count={0} />
      <ActivityButton activity="history" count={0} />
      <ActivityButton activity="jobs" count={running} />
      <span className={styles.spring} />
      <Tooltip label="Settings" position="right">
        <UnstyledButton className={styles.activity} aria-label="Settings" onClick={() => runCommand('settings.open')}>
          <IconSettings size={20} stroke={1.6} aria-hidden />
          <span aria-hidden>Settings</span>
          {problems > 0 ? (
            <span className={styles.activityCount} aria-hidden>
              !
            </span>
          ) : null}
        </UnstyledButton>
      </Tooltip>
    </nav>
  );
}
