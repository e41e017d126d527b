/**
 * The strongly connected components of a graph, each after all components that it points to (Tarjan 1972, without
 * recursion, so that no chain of nodes is too long).
 *
 * @param count nodes are 0 to count - 1
 * @param edges the targets of a node
 */
export function components(count: number, edges: (node: number) => readonly number[]): number[][] {
  const result: number[][] = [];
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const open: number[] = [];
  const path: { node: number; targets: readonly number[]; next: number }[] = [];
  let visited = 0;

  const enter = (node: number) => {
    order[node] = low[node] = visited++;
    open.push(node);
    isOpen[node] = 1;
    path.push({ node, targets: edges(node), next: 0 });
  };
  const leave = (node: number) => {
    path.pop();
    const parent = path.at(-1)?.node;
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
    if (low[node] !== order[node]) return;
    const component = open.splice(open.lastIndexOf(node));
    for (const member of component) isOpen[member] = 0;
    result.push(component);
  };

  for (let root = 0; root < count; root++) {
    if (order[root] === -1) enter(root);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const target = frame.targets[frame.next++];
      if (target === undefined) leave(frame.node);
      else if (order[target] === -1) enter(target);
      else if (isOpen[target]) low[frame.node] = Math.min(low[frame.node]!, order[target]!);
    }
  }
  return result;
}
