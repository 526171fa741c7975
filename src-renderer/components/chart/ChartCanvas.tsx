import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { ChartData, ChartSpec } from '../../../src-preload/contract/charts';
import { chartOption, type ChartColors } from './chartOption';
import { drawChart, type ChartPicture, type DrawnChart } from './draw';

export interface ChartCanvasHandle {
  /** PNG as base64, SVG as text. */
  readonly picture: (format: ChartPicture) => string;
}

interface ChartCanvasProps {
  readonly spec: ChartSpec;
  readonly data: ChartData;
  /** For screen readers. */
  readonly label: string;
  readonly ref?: Ref<ChartCanvasHandle>;
}

function colorsOf(element: HTMLElement): ChartColors {
  const style = getComputedStyle(element);
  const named = (name: string): string => style.getPropertyValue(name).trim();
  return { text: style.color, dimmed: named('--mantine-color-dimmed'), line: named('--app-line'), ground: named('--app-ground') };
}

/** The variables may be written with functions that a canvas does not know: the browser says what they come to. */
function resolved(element: HTMLElement, colors: ChartColors): ChartColors {
  const probe = document.createElement('span');
  element.appendChild(probe);
  const rgb = (color: string): string => {
    probe.style.color = color;
    return getComputedStyle(probe).color;
  };
  const found = { text: rgb(colors.text), dimmed: rgb(colors.dimmed), line: rgb(colors.line), ground: rgb(colors.ground) };
  probe.remove();
  return found;
}

/** Draws points, follows the size of its place and the theme. */
export function ChartCanvas({ spec, data, label, ref }: ChartCanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnChart | null>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const chart = drawChart(element);
    drawn.current = chart;
    const observer = new ResizeObserver(() => element.clientHeight > 0 && chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.close();
      drawn.current = null;
    };
  }, []);
  useEffect(() => {
    const frame = place.current?.parentElement;
    if (frame) drawn.current?.draw(chartOption(spec, data, resolved(frame, colorsOf(frame))));
  }, [spec, data, scheme]);
  useImperativeHandle(ref, () => ({
    picture: (format) => {
      const frame = place.current?.parentElement;
      return frame ? (drawn.current?.picture(format, resolved(frame, colorsOf(frame)).ground) ?? '') : '';
    },
  }));
  return <div ref={place} role="img" aria-label={label} />;
}
