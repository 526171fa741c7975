import type { Handlers } from '../../src-preload/contract/core';
import type { demoContract } from '../../src-preload/contract/demo';
import type { DemoService } from './service';

export function demoHandlers(demo: DemoService): Handlers<typeof demoContract> {
  return {
    status: () => demo.status(),
    rebuild: () => demo.rebuild(),
  };
}
