"""What is known of the names of a module, a class or a function."""

import ast


class Scope:
    """What is known of the names of a module, a class or a function."""

    def __init__(self, node, outer=None, owner=None):
        self.node = node
        self.outer = outer
        self.owner = owner  # the class scope whose `self` a method has
        self.kinds = {}  # a name, to the dotted name of the module, function or class, or to an object's class
        self.elements = {}  # a name of a collection, to what is in it
        self.inner = {}  # functions and classes that are defined here
        self.bound = set()  # all names that are defined here, which hide those further out
        self.imported = set()  # those of them that are a module's classes or functions
        self.elsewhere = {}  # names that are said to be `global` or `nonlocal`, to the scope that has them

    def up(self):
        """Where a name is looked up: a function does not see the names of the class around it."""
        scope = self
        while scope:
            if scope is self or not isinstance(scope.node, ast.ClassDef):
                yield scope
            scope = scope.outer

    def find(self, table, name):
        for scope in self.up():
            if name in getattr(scope, table):
                return getattr(scope, table)[name]
            if name in scope.bound:
                return None
        return None


class Between:
    """An argument is looked up where the call stands, and bound where the function is."""

    def __init__(self, inner, outer):
        self.kinds, self.elements, self.inner = inner.kinds, inner.elements, inner.inner
        self.outer = outer

    def up(self):
        return self.outer.up()

    def find(self, table, name):
        return self.outer.find(table, name)
