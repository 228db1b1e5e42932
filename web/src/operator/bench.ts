/** Shows the frame-time benchmark. */
export function mountBench(root: HTMLElement): void {
  root.textContent = 'bench';
}
