/// One schema of the program. Everything it refers to is an index into one of the program's tables,
/// below zero where there is nothing.
struct Node {
  var types = TypeSet.all
  /// Whether 1.0 is an integer, as draft-06 has it.
  var acceptsIntegralFractions = false
  /// Whether nothing is allowed.
  var isNever = false
  var format = Format.none
  var minLength: UInt32 = 0
  var maxLength = UInt32.max
  var pattern: Int32 = -1
  var number: Int32 = -1
  var array: Int32 = -1
  var object: Int32 = -1
  var combination: Int32 = -1
  /// The schema that this one only refers to.
  var reference: Int32 = -1

  /// Whether a string has anything to be checked for.
  var constrainsStrings: Bool {
    minLength > 0 || maxLength < .max || pattern >= 0 || format != .none
  }
}

/// A run of entries in the program's table of lists.
struct ListRange {
  var start: Int32 = 0
  var count: Int32 = 0

  var isEmpty: Bool { count == 0 }
}

/// What is asked of numbers.
struct NumberRule {
  var minimum: ExactNumber?
  var maximum: ExactNumber?
  var exclusiveMinimum: ExactNumber?
  var exclusiveMaximum: ExactNumber?
  var multipleOf: ExactNumber?
  /// Draft-04 writes an exclusive limit as two keywords, and breaks are reported under its name.
  var exclusiveIsFlag = false
}

/// What is asked of arrays.
struct ArrayRule {
  var minItems: UInt32 = 0
  var maxItems = UInt32.max
  var isUnique = false
  /// The schema of all elements.
  var items: Int32 = -1
  /// The schemas of the first elements, in the table of lists.
  var tuple = ListRange()
  /// The schema of the elements behind the tuple.
  var additional: Int32 = -1
  var contains: Int32 = -1
}

/// What is asked of objects.
struct ObjectRule {
  /// The names of `properties` and `required`.
  var names: Int32 = -1
  var hasProperties = false
  var requiredCount: Int32 = 0
  var minProperties: UInt32 = 0
  var maxProperties = UInt32.max
  /// Pairs of a pattern and a schema, in the table of lists.
  var patterns = ListRange()
  /// The schema of members that neither a name nor a pattern covers.
  var additional: Int32 = -1
  var propertyNames: Int32 = -1
  var dependencies = ListRange()
}

/// One dependency: what is asked where a member is there.
struct DependencyRule {
  var name: NameReference
  /// The names that must be there too, in the table of names.
  var names = ListRange()
  /// The schema that the object must match.
  var schema: Int32 = -1
}

/// What is asked of values of any type.
struct CombinationRule {
  /// The strings of `enum`, as a table of names.
  var enumNames: Int32 = -1
  /// The values of `enum` and of `const`, in the table of constants.
  var enumValues = ListRange()
  var hasEnum = false
  var const: Int32 = -1
  var allOf = ListRange()
  var anyOf = ListRange()
  var oneOf = ListRange()
  var not: Int32 = -1
}

/// A string in the program's bytes.
struct NameReference {
  var offset: Int32
  var count: Int32
}
