// How the page writes times, lengths and the words of the protocol.
import { StillNowMs } from '../model/views';
import type { Advice, ChannelHealth, HealthState, Kind, Status } from '../model/events';

/** Hours, minutes and seconds in UTC. */
export function clockText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(11, 19) : '--:--:--';
}

/** The date in UTC. */
export function dateText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : '';
}

/** Date and time in UTC to the second. */
export function momentText(ms: number): string {
  return Number.isFinite(ms) ? `${dateText(ms)} ${clockText(ms)}` : '–';
}

/** A countdown: whole seconds, rounded down, so that nobody believes in time that is not there; '0 s' and 'now' never become negative. */
export function countdown(seconds: number | null): string {
  if (seconds === null || Number.isNaN(seconds)) return '–';
  const whole = Math.floor(seconds);
  return whole <= 0 ? 'now' : whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** A zone's countdown: after its impacts people stay where they are until the warning ends. */
export function zoneCountdown(seconds: number): string {
  return seconds < -StillNowMs / 1000 ? 'stay' : countdown(seconds);
}

/** A span of time with the unit that fits. */
export function spanText(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}

/** A length: metres below a kilometre, kilometres above; two digits that count. */
export function lengthText(metres: number): string {
  if (!Number.isFinite(metres)) return '–';
  if (metres < 950) return `${metres < 10 ? Math.round(metres) : Math.round(metres / 10) * 10} m`;
  return `${(metres / 1000).toFixed(metres < 9500 ? 1 : 0)} km`;
}

/** The half axes of a 95 % ellipse. */
export function ellipseText(semiMajorM: number, semiMinorM: number): string {
  const [major, minor] = [lengthText(semiMajorM), lengthText(semiMinorM)];
  return major.slice(-2) === minor.slice(-2) ? `${major.replace(/ \S+$/, '')} × ${minor}` : `${major} × ${minor}`;
}

/** A probability in whole per cent; never 100 where something is left. */
export function percent(probability: number): string {
  return `${Math.min(99, Math.round(probability * 100))} %`;
}

const kinds: Record<Kind, string> = { rocket: 'Rocket', artillery: 'Artillery', mortar: 'Mortar', aircraft: 'Aircraft', bird: 'Bird', unknown: 'Unknown' };
const advices: Record<Advice, string> = { drop: 'Drop, cover head', awayFromWindows: 'Away from windows', shelter: 'Go to shelter' };
const healths: Record<HealthState | ChannelHealth, string> = {
  ok: 'OK', late: 'Late', silent: 'Silent', flooding: 'Flooding', faulty: 'Faulty', ended: 'Ended', waiting: 'Waiting', behind: 'Behind', failing: 'Failing', off: 'Off',
};

export const kindText = (kind: Kind): string => kinds[kind] ?? String(kind);
export const adviceText = (advice: Advice | null): string => (advice === null ? '' : advices[advice] ?? String(advice));
export const healthText = (state: HealthState | ChannelHealth): string => healths[state] ?? String(state);

/** How grave a health is: the colour, and the sign that stands beside it. */
export function healthGrade(state: HealthState | ChannelHealth): { grade: 'good' | 'caution' | 'bad' | 'none'; sign: string } {
  switch (state) {
    case 'ok': return { grade: 'good', sign: '✓' };
    case 'late': case 'behind': case 'flooding': return { grade: 'caution', sign: '!' };
    case 'silent': case 'faulty': case 'failing': case 'ended': return { grade: 'bad', sign: '✕' };
    default: return { grade: 'none', sign: '–' };
  }
}

/** The mark of what is not the real thing; null for the real thing. */
export function statusMark(status: Status | null): string | null {
  return status === 'exercise' ? 'EXERCISE' : status === 'test' ? 'TEST' : null;
}
