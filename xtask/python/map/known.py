"""What the expressions of a script stand for, as far as its assignments and calls tell."""

import ast

from scope import Between, Scope
from tables import CALLERS, CLASSES, COLLECTIONS, ELEMENTS, MAKERS, MODULES, PAIRS, RETURNS, SAME, home


class Known:
    """Scopes, and what their names stand for."""

    def __init__(self, tree):
        self.tree = tree
        self.scopes = {}
        self.forgot = set()  # names that it uses and neither imports nor defines
        self.stars = False  # whether a module's names came without being named

    def scope(self, node, outer, owner):
        return self.scopes.setdefault(node, Scope(node, outer, owner))

    # What an expression is

    def dotted(self, node, scope):
        """The dotted name that an expression stands for: of a module's thing, or of an object's class; or nothing."""
        if isinstance(node, ast.Name):
            kind = scope.find("kinds", node.id)
            if not kind and not any(node.id in it.bound or node.id in it.inner for it in scope.up()):
                kind = self.forgotten(node.id)
            return kind
        if isinstance(node, ast.Attribute):
            owner = self.class_of(scope)
            if owner and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                if node.attr in owner.kinds:
                    return owner.kinds[node.attr]
                if node.attr in owner.bound or node.attr in owner.inner:
                    return None
            base = self.dotted(node.value, scope)
            return home(f"{base}.{node.attr}") if base else None
        if isinstance(node, ast.Call):
            return self.result(node, scope)
        if isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
            return self.dotted(node.value, scope)
        if isinstance(node, ast.Subscript):
            return self.element(node.value, scope)
        if isinstance(node, ast.BoolOp):
            return next(filter(None, (self.dotted(value, scope) for value in node.values)), None)
        if isinstance(node, ast.IfExp):
            return self.dotted(node.body, scope) or self.dotted(node.orelse, scope)
        return None

    def forgotten(self, name):
        """What a name means that the script neither imports nor defines."""
        if name in MODULES:
            meant = name
        elif name == "Queue":  # of the module whose other names are forgotten as well
            names = {it.id for it in ast.walk(self.tree) if isinstance(it, ast.Name)}
            meant = "multiprocessing.Queue" if {"Process", "Pool"} & names else "queue.Queue"
        else:
            meant = CLASSES.get(name)
        if meant:
            self.forgot.add(name)
        return meant

    def class_of(self, scope):
        return next((it.owner for it in scope.up() if it.owner), None)

    def is_own(self, node, scope):
        """Whether it is `self.x`, which the script has assigned."""
        owner = self.class_of(scope)
        return owner and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and node.attr in owner.bound

    def local(self, node, scope):
        """The function or class of this script that an expression names."""
        if isinstance(node, ast.Name):
            return scope.find("inner", node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            owner = self.class_of(scope)
            return owner.inner.get(node.attr) if owner else None
        return None

    def result(self, call, scope):
        """What a call gives."""
        own = self.local(call.func, scope)
        if isinstance(own, ast.ClassDef):
            return next(filter(None, (self.dotted(base, scope) for base in own.bases)), None)
        if own and own in self.scopes:
            return self.scopes[own].kinds.get("return")
        name = self.dotted(call.func, scope)
        if not name:
            return None
        owner, _, method = name.rpartition(".")
        if method in SAME.get(owner, ()):
            return owner
        if name in RETURNS:
            return RETURNS[name]
        # A class gives an object of it; what a function gives is not known.
        return name if method[:1].isupper() or name in MAKERS else None

    def element(self, node, scope):
        """What is in a collection."""
        if isinstance(node, ast.Name):
            return scope.find("elements", node.id) or ELEMENTS.get(scope.find("kinds", node.id))
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "self" and self.class_of(scope):
                return self.class_of(scope).elements.get(node.attr)
            return None
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return next(filter(None, (self.dotted(it, scope) for it in node.elts)), None)
        if isinstance(node, ast.Dict):
            parts = node.keys + node.values
            return next(filter(None, (self.dotted(it, scope) for it in parts if it)), None)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return self.dotted(node.elt, self.scope(node, scope, None))
        if isinstance(node, ast.DictComp):
            own = self.scope(node, scope, None)
            return self.dotted(node.key, own) or self.dotted(node.value, own)
        if isinstance(node, ast.BinOp):  # [None] * 4, a + b
            return self.element(node.left, scope) or self.element(node.right, scope)
        if isinstance(node, ast.Await):
            return self.element(node.value, scope)
        if isinstance(node, ast.Starred):
            return self.element(node.value, scope)
        if isinstance(node, ast.Call):
            own = self.local(node.func, scope)
            if own in self.scopes:
                return self.scopes[own].elements.get("return")
            name = self.dotted(node.func, scope)
            if name in ELEMENTS:
                return ELEMENTS[name]
            if isinstance(node.func, ast.Name) and not name:  # enumerate(threads), list(threads), zip(names, threads)
                return next(filter(None, (self.element(it, scope) for it in node.args)), None)
            if isinstance(node.func, ast.Attribute):  # futures.items(), .keys(), .values()
                return self.element(node.func.value, scope)
        return None

    # What a name becomes

    def bind(self, target, kind, element, scope):
        if isinstance(target, ast.Name):
            if not isinstance(scope, Between):
                scope = scope.elsewhere.get(target.id, scope)
                scope.bound.add(target.id)
            if kind and target.id not in scope.kinds:
                scope.kinds[target.id] = kind
            if element and target.id not in scope.elements:
                scope.elements[target.id] = element
        elif isinstance(target, ast.Attribute):
            owner = self.class_of(scope)
            if owner and isinstance(target.value, ast.Name) and target.value.id == "self":
                owner.bound.add(target.attr)
                if kind:
                    owner.kinds.setdefault(target.attr, kind)
                if element:
                    owner.elements.setdefault(target.attr, element)
        elif isinstance(target, ast.Subscript):
            self.bind(target.value, None, kind, scope)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, None, element or kind, scope)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.bind(part, element or kind, None, scope)

    def assign(self, target, value, scope):
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            if len(target.elts) == len(value.elts):
                for part, its in zip(target.elts, value.elts):
                    self.assign(part, its, scope)
                return
        kind, element = self.dotted(value, scope), self.element(value, scope)
        if isinstance(target, (ast.Tuple, ast.List)):
            kind = None
            call = value.value if isinstance(value, ast.Await) else value
            maker = self.dotted(call.func, scope) if isinstance(call, ast.Call) else None
            if maker in COLLECTIONS:
                for part in target.elts:
                    self.bind(part, None, COLLECTIONS[maker], scope)
                return
            if maker in PAIRS:
                for part, its in zip(target.elts, PAIRS[maker]):
                    self.bind(part, its, None, scope)
                return
        self.bind(target, kind, element, scope)
        own = self.local(value, scope)
        if own and isinstance(target, ast.Name):
            scope.inner.setdefault(target.id, own)

    def call_with(self, function, args, keywords, scope):
        """A function of this script gets these arguments."""
        if isinstance(function, ast.ClassDef):
            owner = self.scopes.get(function)
            function = owner and owner.inner.get("__init__")
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        own = self.scopes.get(function)
        if not own:
            return
        parameters = [it.arg for it in function.args.posonlyargs + function.args.args]
        if parameters[:1] in (["self"], ["cls"]):
            parameters = parameters[1:]
        pairs = [(name, it) for name, it in zip(parameters, args) if not isinstance(it, ast.Starred)]
        pairs += [(it.arg, it.value) for it in keywords if it.arg in parameters or it.arg]
        for name, value in pairs:
            self.assign(ast.Name(name), value, Between(own, scope))

    def called_later(self, call, name, scope):
        """`Thread(target=f, args=(a,))` and its like give `f` its arguments."""
        plan = CALLERS.get(name.rpartition(".")[2])
        if not plan:
            return

        def argument(at):
            position, word = at if isinstance(at, tuple) else (at, at)
            if isinstance(position, int) and len(call.args) > position:
                return call.args[position]
            return next((it.value for it in call.keywords if it.arg == word), None)

        where, begins = plan
        if name.endswith(".add_done_callback"):
            function = self.local(argument(0), scope)
            if function:
                self.call_with(function, [call.func.value], [], scope)
            return
        function = self.local(argument(where), scope)
        if isinstance(begins, tuple):
            values = argument(begins)
            values = values.elts if isinstance(values, (ast.Tuple, ast.List)) else []
        else:
            values = call.args[begins:]
        if function:
            self.call_with(function, values, [], scope)
