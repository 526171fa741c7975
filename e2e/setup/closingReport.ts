import { writeFileSync } from 'node:fs';
import type { FullResult, Reporter as PlaywrightReporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import type { Reporter as VitestReporter, TestModule } from 'vitest/node';

/** What `npm test` adds up for its closing lines. */
export interface ClosingReport {
  passed: number;
  failed: number;
  /** Tests that did not run, each with its reason; one without a reason counts as failed. */
  notRun: { name: string; reason: string }[];
}

function save(report: ClosingReport): void {
  const file = process.env.AI_SHELL_TEST_REPORT;
  if (file) writeFileSync(file, JSON.stringify(report));
}

function addSkipped(report: ClosingReport, name: string, reason: string | undefined): void {
  report.notRun.push({ name, reason: reason ?? 'no reason given, which counts as a failure' });
  if (!reason) report.failed += 1;
}

export class VitestClosingReport implements VitestReporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const report: ClosingReport = { passed: 0, failed: errors.length, notRun: [] };
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].every((test) => test.result().state !== 'failed')) report.failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') report.passed += 1;
        else if (result.state === 'skipped') addSkipped(report, test.fullName, result.note);
        else report.failed += 1;
      }
    }
    save(report);
  }
}

/** Playwright loads a reporter by the default export of its file: see `playwrightReport.ts`. */
export class PlaywrightClosingReport implements PlaywrightReporter {
  private readonly report: ClosingReport = { passed: 0, failed: 0, notRun: [] };
  private root: Suite | null = null;

  onBegin(_config: unknown, suite: Suite): void {
    this.root = suite;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === 'passed') this.report.passed += 1;
    else if (result.status === 'skipped') addSkipped(this.report, test.title, test.annotations.find((note) => note.type === 'skip')?.description);
    else this.report.failed += 1;
  }

  onEnd(result: FullResult): void {
    if (result.status !== 'passed' && this.report.failed === 0) this.report.failed += 1;
    if (this.root?.allTests().length === 0) this.report.failed += 1;
    save(this.report);
  }
}
