"""The walk through a script's tree."""

import ast

from known import Known
from tables import MODULES, home


class Reader(Known):
    """Reads a tree several times: each time more names are known, because functions are called after they are defined."""

    def __init__(self, tree):
        super().__init__(tree)
        self.found = {}
        self.quiet = True
        before = None
        for _ in range(8):
            self.visit(tree, self.scope(tree, None, None))
            now = [(list(s.kinds.items()), list(s.elements.items())) for s in self.scopes.values()]
            if now == before:
                break
            before = now
        self.quiet = False
        self.visit(tree, self.scopes[tree])

    def say(self, node, name):
        if not self.quiet and ".__" not in name:
            self.found.setdefault((node.lineno, home(name)), node.col_offset)

    def visit(self, node, scope):
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method:
            method(node, scope)
        else:
            self.inside(node, scope)

    def inside(self, node, scope):
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope)

    def visit_Import(self, node, scope):
        for alias in node.names:
            if alias.asname:
                scope.kinds[alias.asname] = home(alias.name)
            else:
                top = alias.name.partition(".")[0]
                scope.kinds[top] = home(top) if "." not in alias.name else top
            self.say(node, f"import {home(alias.name)}")

    def visit_ImportFrom(self, node, scope):
        if node.level or not node.module:
            return  # from the script's own package
        for alias in node.names:
            if alias.name == "*":
                self.stars = True
                self.say(node, f"from {node.module} import *")
                continue
            scope.imported.add(alias.asname or alias.name)
            scope.kinds[alias.asname or alias.name] = home(f"{node.module}.{alias.name}")
        self.say(node, f"import {home(node.module)}")

    def function(self, node, scope):
        owner = scope if isinstance(scope.node, ast.ClassDef) else None
        scope.inner.setdefault(node.name, node)
        own = self.scope(node, scope, owner)
        for decorator in node.decorator_list:
            self.visit(decorator, scope)
        arguments = node.args
        everyone = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
        own.bound.update(it.arg for it in everyone)
        for default in arguments.defaults + [it for it in arguments.kw_defaults if it]:
            self.visit(default, scope)
        for one in everyone:
            if one.annotation:
                self.visit(one.annotation, scope)
                kind = self.dotted(one.annotation, scope)
                if kind:
                    own.kinds[one.arg] = kind
        if node.returns:
            self.visit(node.returns, scope)
        for child in node.body:
            self.visit(child, own)

    def visit_FunctionDef(self, node, scope):
        self.function(node, scope)

    def visit_AsyncFunctionDef(self, node, scope):
        self.say(node, "async def")
        self.function(node, scope)

    def visit_Global(self, node, scope):
        scope.elsewhere.update(dict.fromkeys(node.names, self.scopes[self.tree]))

    def visit_Nonlocal(self, node, scope):
        scope.elsewhere.update(dict.fromkeys(node.names, scope.outer))

    def visit_Return(self, node, scope):
        if node.value:
            # No name can be called that.
            self.bind(ast.Name("return"), self.dotted(node.value, scope), self.element(node.value, scope), scope)
        self.inside(node, scope)

    def visit_Lambda(self, node, scope):
        self.visit(node.body, self.scope(node, scope, None))

    def visit_ClassDef(self, node, scope):
        scope.inner.setdefault(node.name, node)
        own = self.scope(node, scope, None)
        for part in node.decorator_list + node.bases + [it.value for it in node.keywords]:
            self.visit(part, scope)
        # A method that it inherits: `self.start()` of a class of threads.
        base = next(filter(None, (self.dotted(base, scope) for base in node.bases)), None)
        for child in node.body:
            self.visit(child, own)
            if base and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) and child.args.args:
                inner = self.scopes[child]
                inner.kinds.setdefault(child.args.args[0].arg, base)

    def visit_comprehension_scope(self, node, scope):
        own = self.scope(node, scope, None)
        for part in node.generators:
            self.loop(part.target, part.iter, own)
            if part.is_async:
                self.say(part.iter, "async for")
            self.visit(part.iter, own)
            for condition in part.ifs:
                self.visit(condition, own)
        for part in ("elt", "key", "value"):
            if hasattr(node, part):
                self.visit(getattr(node, part), own)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_scope

    def loop(self, target, iterable, scope):
        element = self.element(iterable, scope)
        self.bind(target, element, None, scope)

    def visit_For(self, node, scope):
        self.loop(node.target, node.iter, scope)
        self.inside(node, scope)

    def visit_AsyncFor(self, node, scope):
        self.say(node, "async for")
        self.visit_For(node, scope)

    def visit_Assign(self, node, scope):
        for target in node.targets:
            self.assign(target, node.value, scope)
        self.inside(node, scope)

    def visit_AnnAssign(self, node, scope):
        kind = self.dotted(node.annotation, scope)
        self.bind(node.target, kind, None, scope)
        if node.value:
            self.assign(node.target, node.value, scope)
        self.inside(node, scope)

    def visit_NamedExpr(self, node, scope):
        self.assign(node.target, node.value, scope)
        self.inside(node, scope)

    def with_items(self, node, scope, words):
        for item in node.items:
            kind = self.dotted(item.context_expr, scope)
            if kind:
                self.say(item.context_expr, f"{words} {kind}")
            if item.optional_vars:
                element = self.element(item.context_expr, scope)
                self.bind(item.optional_vars, kind, element, scope)
        self.inside(node, scope)

    def visit_With(self, node, scope):
        self.with_items(node, scope, "with")

    def visit_AsyncWith(self, node, scope):
        self.say(node, "async with")
        self.with_items(node, scope, "async with")

    def visit_Await(self, node, scope):
        self.say(node, "await")
        self.inside(node, scope)

    def visit_Call(self, node, scope):
        name = self.dotted(node.func, scope)
        if name:
            self.called_later(node, name, scope)
        own = self.local(node.func, scope)
        if own:
            self.call_with(own, node.args, node.keywords, scope)
        # threads.append(thread)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("append", "add", "appendleft") and node.args:
            kind = self.dotted(node.args[0], scope) or self.element(node.args[0], scope)
            self.bind(node.func.value, None, kind, scope)
        self.inside(node, scope)

    def visit_Attribute(self, node, scope):
        name = self.dotted(node, scope)
        if self.is_own(node, scope):
            return  # an object of the script's: its class was said where it was made
        if name:
            self.say(node, name)
            # `threading.Thread` within `threading.Thread.run` is no use of its own; what is called before it is.
            while isinstance(node, ast.Attribute):
                node = node.value
            if not isinstance(node, ast.Name):
                self.visit(node, scope)
        else:
            self.inside(node, scope)

    def visit_Name(self, node, scope):
        if isinstance(node.ctx, ast.Load):
            # An import of the module itself is its own use; an object's class is none.
            for outer in scope.up():
                if node.id in outer.kinds:
                    if node.id in outer.imported:
                        self.say(node, outer.kinds[node.id])
                    break
            else:
                if node.id in self.forgot and node.id not in MODULES:
                    self.say(node, self.dotted(node, scope))
