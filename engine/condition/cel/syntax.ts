import type { ASTNode } from "@marcbachmann/cel-js";

/** The parts of a node that are expressions, in the order of the source. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "!_":
    case "-_":
      return [node.args];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    default:
      return node.args;
  }
}

/** How deep a tree is. A chain of `||` or of `&&` counts once, however long. Not recursive, since the tree may be deep. */
export function depthOf(root: ASTNode): number {
  let deepest = 0;
  const stack: { node: ASTNode; depth: number }[] = [{ node: root, depth: 1 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, depth } = top;
    deepest = Math.max(deepest, depth);
    const isChain = node.op === "||" || node.op === "&&";
    for (const child of childrenOf(node)) {
      stack.push({ node: child, depth: isChain && child.op === node.op ? depth : depth + 1 });
    }
  }
  return deepest;
}

/** A chain of selections as written, `a.b.c`, or undefined for any other expression. */
export function pathOf(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const path = pathOf(node.args[0]);
  return path === undefined ? undefined : `${path}.${node.args[1]}`;
}
