import type { Bridge } from './wire';

declare global {
  interface Window {
    readonly aiShell: Bridge;
  }
}
