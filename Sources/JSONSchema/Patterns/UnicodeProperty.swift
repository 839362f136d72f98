/// The Unicode properties of `\p{…}` that the standard library knows: general categories and the
/// binary properties.
enum UnicodeProperty {
  /// The characters of a property; nil where it is not known.
  static func set(named name: String) -> ScalarSet? {
    var value = name
    for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) {
      value = String(name.dropFirst(prefix.count))
    }
    if let categories = categories[value] {
      return ScalarSet { categories.contains($0.properties.generalCategory) }
    }
    guard value == name, let property = binary(name) else { return nil }
    return ScalarSet(where: property)
  }

  private static func binary(_ name: String) -> ((Unicode.Scalar) -> Bool)? {
    switch name {
    case "Any": { _ in true }
    case "ASCII": { $0.isASCII }
    case "Assigned": { $0.properties.generalCategory != .unassigned }
    case "Alphabetic", "Alpha": { $0.properties.isAlphabetic }
    case "Lowercase", "Lower": { $0.properties.isLowercase }
    case "Uppercase", "Upper": { $0.properties.isUppercase }
    case "White_Space", "space": { $0.properties.isWhitespace }
    case "Emoji": { $0.properties.isEmoji }
    case "Emoji_Presentation", "EPres": { $0.properties.isEmojiPresentation }
    case "Emoji_Modifier", "EMod": { $0.properties.isEmojiModifier }
    case "Emoji_Modifier_Base", "EBase": { $0.properties.isEmojiModifierBase }
    case "ASCII_Hex_Digit", "AHex": { $0.properties.isASCIIHexDigit }
    case "Hex_Digit", "Hex": { $0.properties.isHexDigit }
    case "ID_Start", "IDS": { $0.properties.isIDStart }
    case "ID_Continue", "IDC": { $0.properties.isIDContinue }
    case "XID_Start", "XIDS": { $0.properties.isXIDStart }
    case "XID_Continue", "XIDC": { $0.properties.isXIDContinue }
    case "Ideographic", "Ideo": { $0.properties.isIdeographic }
    case "Math": { $0.properties.isMath }
    case "Dash": { $0.properties.isDash }
    case "Diacritic", "Dia": { $0.properties.isDiacritic }
    case "Cased": { $0.properties.isCased }
    case "Noncharacter_Code_Point", "NChar": { $0.properties.isNoncharacterCodePoint }
    case "Quotation_Mark", "QMark": { $0.properties.isQuotationMark }
    default: nil
    }
  }

  private typealias Category = Unicode.GeneralCategory

  private static let categories: [String: Set<Unicode.GeneralCategory>] = {
    let single: [(String, String, Category)] = [
      ("Lu", "Uppercase_Letter", .uppercaseLetter),
      ("Ll", "Lowercase_Letter", .lowercaseLetter),
      ("Lt", "Titlecase_Letter", .titlecaseLetter),
      ("Lm", "Modifier_Letter", .modifierLetter), ("Lo", "Other_Letter", .otherLetter),
      ("Mn", "Nonspacing_Mark", .nonspacingMark), ("Mc", "Spacing_Mark", .spacingMark),
      ("Me", "Enclosing_Mark", .enclosingMark), ("Nd", "Decimal_Number", .decimalNumber),
      ("Nl", "Letter_Number", .letterNumber), ("No", "Other_Number", .otherNumber),
      ("Pc", "Connector_Punctuation", .connectorPunctuation),
      ("Pd", "Dash_Punctuation", .dashPunctuation),
      ("Ps", "Open_Punctuation", .openPunctuation),
      ("Pe", "Close_Punctuation", .closePunctuation),
      ("Pi", "Initial_Punctuation", .initialPunctuation),
      ("Pf", "Final_Punctuation", .finalPunctuation),
      ("Po", "Other_Punctuation", .otherPunctuation), ("Sm", "Math_Symbol", .mathSymbol),
      ("Sc", "Currency_Symbol", .currencySymbol), ("Sk", "Modifier_Symbol", .modifierSymbol),
      ("So", "Other_Symbol", .otherSymbol), ("Zs", "Space_Separator", .spaceSeparator),
      ("Zl", "Line_Separator", .lineSeparator),
      ("Zp", "Paragraph_Separator", .paragraphSeparator), ("Cc", "Control", .control),
      ("Cf", "Format", .format), ("Cs", "Surrogate", .surrogate),
      ("Co", "Private_Use", .privateUse), ("Cn", "Unassigned", .unassigned),
    ]
    let groups: [(String, String)] = [
      ("L", "Letter"), ("M", "Mark"), ("N", "Number"), ("P", "Punctuation"), ("S", "Symbol"),
      ("Z", "Separator"), ("C", "Other"),
    ]
    var result: [String: Set<Category>] = [:]
    for (short, long, category) in single {
      result[short] = [category]
      result[long] = [category]
    }
    for (short, long) in groups {
      let members = Set(single.filter { $0.0.hasPrefix(short) }.map(\.2))
      result[short] = members
      result[long] = members
    }
    result["LC"] = [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
    result["Cased_Letter"] = result["LC"]
    result["Combining_Mark"] = result["M"]
    result["digit"] = result["Nd"]
    result["cntrl"] = result["Cc"]
    result["punct"] = result["P"]
    return result
  }()
}
