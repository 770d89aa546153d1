// Stands in for @lezer/common in the bundle, which is the part of CodeMirror that holds parsed texts. The editor has no grammar: its
// tree is one empty node, and CodeMirror folds, indents and matches brackets by the text alone. What only a grammar would call is
// left out, and the build fails where CodeMirror asks for a name that is not here.

export class NodeProp {
  static readonly closedBy = new NodeProp();
  static readonly openedBy = new NodeProp();

  /** What a grammar would say about its nodes is said to nobody. */
  add(): null {
    return null;
  }
}

export class NodeType {
  static readonly none = new NodeType();
  static readonly define = (): NodeType => NodeType.none;
  readonly name = '';

  prop(): undefined {
    return undefined;
  }
}

/** The tree, and the one node in it. */
export class Tree {
  static readonly empty = new Tree();
  readonly type = NodeType.none;
  readonly name = '';
  readonly from = 0;
  readonly to = 0;
  readonly length = 0;
  readonly parent = null;
  readonly firstChild = null;
  readonly lastChild = null;

  resolve(): Tree {
    return this;
  }
  resolveInner(): Tree {
    return this;
  }
  enterUnfinishedNodesBefore(): Tree {
    return this;
  }
  resolveStack(): { node: Tree; next: null } {
    return { node: this, next: null };
  }
  childBefore(): null {
    return null;
  }
  childAfter(): null {
    return null;
  }
}

export class NodeSet {}
export class Parser {}
export class TreeFragment {}
export const IterMode = {};
