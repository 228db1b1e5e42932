// The map's colours in light and dark. No colour stands alone: each has a width, a dash, a hatch or a word beside it.
import type { Theme } from '../operator/theme';

export interface Palette {
  readonly sea: string; readonly land: string; readonly border: string; readonly grid: string; readonly ink: string; readonly halo: string;
  readonly ring: string; readonly coverage: string; readonly zone: string; readonly warned: string; readonly over: string; readonly drill: string;
  readonly round: string; readonly other: string; readonly bad: string; readonly caution: string; readonly shelter: string; readonly siren: string; readonly onWarned: string;
}

const light: Palette = {
  sea: '#cfdfe8', land: '#f1f1ec', border: '#9aa3a8', grid: 'rgba(60,80,95,0.13)', ink: '#1a2530', halo: 'rgba(255,255,255,0.9)',
  ring: 'rgba(40,70,95,0.42)', coverage: '#1f6f94', zone: '#3f5c70', warned: '#c8102e', over: '#8a5a00', drill: '#7a2bbf',
  round: '#b00020', other: '#2f6db5', bad: '#c8102e', caution: '#8a5a00', shelter: '#1b7a43', siren: '#8a5a00', onWarned: '#ffffff',
};
const dark: Palette = {
  sea: '#0b141b', land: '#14202a', border: '#3a4a56', grid: 'rgba(170,200,220,0.10)', ink: '#e6edf2', halo: 'rgba(8,14,19,0.88)',
  ring: 'rgba(150,190,215,0.36)', coverage: '#4fb3d9', zone: '#8fb0c6', warned: '#ff4d5e', over: '#ffc247', drill: '#c79bff',
  round: '#ff6b6b', other: '#7fb4ff', bad: '#ff6b6b', caution: '#ffc247', shelter: '#5fd08d', siren: '#ffc247', onWarned: '#190004',
};

export function palette(theme: Theme): Palette {
  return theme === 'dark' ? dark : light;
}
